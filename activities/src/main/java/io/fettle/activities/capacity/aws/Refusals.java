package io.fettle.activities.capacity.aws;

import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.model.CreateFleetError;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.FleetLaunchTemplateOverrides;

/** EC2's noes as sentences with what to do. */
final class Refusals {
  private static final int SERVER_ERROR = 500;

  /** An authorization failure's message carries kilobytes of its policy's code. */
  private static final int MOST_CHARACTERS = 300;

  /**
   * Which no of several is told: first those that a try elsewhere or later may mend, and last what
   * people must mend, since that will still be there when the others have passed.
   */
  private static final List<Kind> ORDER =
      List.of(
          Kind.STOCKOUT,
          Kind.PRICE,
          Kind.QUOTA,
          Kind.UNKNOWN,
          Kind.UNSUPPORTED,
          Kind.TEMPLATE,
          Kind.PERMISSION);

  private final Ec2Options options;

  Refusals(Ec2Options options) {
    this.options = options;
  }

  private record No(Kind kind, String code, String message, Place place) {}

  /** Of a call that failed as a whole: a {@link Refusal} if EC2 has decided, else anything. */
  IOException of(SdkException e) {
    return of(e, List.of());
  }

  /** The same of a launch, whose answer may name types that it may not ask for. */
  IOException of(SdkException e, Offer offer) {
    return of(e, offer.places());
  }

  private IOException of(SdkException e, List<Place> asked) {
    return switch (e) {
      case Ec2Exception answer -> answered(answer, asked);
      case SdkClientException unsent when isOfTheCredentials(unsent) ->
          new Refusal(
              Kind.PERMISSION,
              "NoCredentials",
              "pool %s: no credentials for EC2 were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role"
                  .formatted(options.pool()),
              List.of());
      default ->
          new IOException(
              "pool %s: EC2 in %s did not answer: %s; check the network and the endpoint"
                  .formatted(options.pool(), options.region(), e.getMessage()),
              e);
    };
  }

  private static boolean isOfTheCredentials(SdkClientException e) {
    return String.valueOf(e.getMessage()).contains("Unable to load credentials");
  }

  private IOException answered(Ec2Exception e, List<Place> asked) {
    var code = code(e);
    var kind = ErrorFamily.of(code);
    if (kind == Kind.UNKNOWN && e.statusCode() >= SERVER_ERROR) {
      return new IOException(
          "pool %s: EC2 in %s is in trouble (%d %s); the call is repeated"
              .formatted(options.pool(), options.region(), e.statusCode(), code),
          e);
    }
    var details = e.awsErrorDetails();
    var message = details == null ? "" : Objects.requireNonNullElse(details.errorMessage(), "");
    var named =
        kind == Kind.UNSUPPORTED
            ? asked.stream().filter(place -> names(message, place.type())).toList()
            : List.<Place>of();
    return new Refusal(kind, code, sentence(kind, code, message, named), named);
  }

  private static boolean names(String message, String type) {
    return Pattern.compile("(?<![\\w.-])" + Pattern.quote(type) + "(?![\\w-])")
        .matcher(message)
        .find();
  }

  static String code(Ec2Exception e) {
    var details = e.awsErrorDetails();
    return details == null ? "" : Objects.requireNonNullElse(details.errorCode(), "");
  }

  /** Of a fleet that was made and holds no instance. */
  Refusal of(List<CreateFleetError> errors, Offer offer) {
    var noes = errors.stream().map(error -> no(error, offer)).toList();
    var tried = tried(noes);
    var told =
        tried.stream()
            .min(Comparator.comparingInt(no -> ORDER.indexOf(no.kind())))
            .orElse(
                new No(
                    Kind.STOCKOUT,
                    "no instance",
                    "EC2 gave none, and no reason",
                    new Place("", "", -1)));
    var places = new LinkedHashSet<Place>();
    var others = new ArrayList<String>();
    for (var no : noes) {
      if (no.kind() == told.kind() && tried.contains(no)) {
        places.add(no.place());
      } else {
        others.add("%s in %s: %s".formatted(no.place().type(), no.place().zone(), no.code()));
      }
    }
    places.retainAll(offer.places());
    var sentence = sentence(told.kind(), told.code(), told.message(), List.copyOf(places));
    if (offer.market() == Market.RESERVED && told.kind() == Kind.STOCKOUT) {
      sentence += "; a reservation of the pool has no room, or none matches, and nothing is bought";
    }
    return new Refusal(
        told.kind(),
        told.code(),
        others.isEmpty() ? sentence : sentence + "; besides " + String.join(", ", others),
        List.copyOf(places));
  }

  /**
   * An instant fleet comes to a few places only; the rest it reports as not filled, whether or not
   * there is room. Beside any other no they are left out, so that the next call asks them.
   */
  private static List<No> tried(List<No> noes) {
    var tried = noes.stream().filter(no -> !ErrorFamily.isOfTheUntried(no.code())).toList();
    return tried.isEmpty() ? noes : tried;
  }

  /**
   * A fleet's reply is kept under its token, so that a throttled launch in it is as final as an
   * empty pool.
   */
  private No no(CreateFleetError error, Offer offer) {
    var code = Objects.requireNonNullElse(error.errorCode(), "");
    var kind = ErrorFamily.of(code);
    var where = error.launchTemplateAndOverrides();
    return new No(
        kind == Kind.THROTTLE ? Kind.STOCKOUT : kind,
        code,
        Objects.requireNonNullElse(error.errorMessage(), ""),
        place(where == null ? null : where.overrides(), offer));
  }

  private Place place(@Nullable FleetLaunchTemplateOverrides where, Offer offer) {
    if (where == null) {
      return new Place("", "", -1);
    }
    var type = Objects.requireNonNullElse(where.instanceTypeAsString(), "");
    var zone = zone(where);
    return offer.places().stream()
        .filter(place -> place.type().equals(type) && place.zone().equals(zone))
        .findFirst()
        .orElse(new Place(type, zone, -1));
  }

  /** EC2 names a subnet or a zone, as it was asked. */
  String zone(FleetLaunchTemplateOverrides where) {
    var zone = Objects.requireNonNullElse(where.availabilityZone(), "");
    return zone.isEmpty() ? options.zoneOf(Objects.requireNonNullElse(where.subnetId(), "")) : zone;
  }

  private String sentence(Kind kind, String code, String message, List<Place> places) {
    var where =
        places.isEmpty()
            ? "a machine"
            : String.join(
                ", ", places.stream().map(place -> place.type() + " in " + place.zone()).toList());
    var words =
        message.length() > MOST_CHARACTERS
            ? message.substring(0, MOST_CHARACTERS) + "..."
            : message;
    return "pool %s: EC2 refused %s (%s: %s); %s"
        .formatted(options.pool(), where, code, words, remedy(kind));
  }

  private String remedy(Kind kind) {
    return switch (kind) {
      case STOCKOUT -> "it is asked again later, or elsewhere";
      case QUOTA ->
          "ask for a higher quota in Service Quotas in %s, or allow another market"
              .formatted(options.region());
      case PRICE -> "leave the launch template without a maximum price";
      case THROTTLE -> "the same is asked again later";
      case PERMISSION ->
          "give the control worker's role what docs/guides/aws.md lists, in %s"
              .formatted(options.region());
      case TEMPLATE ->
          "correct the launch template %s, or the pool's zones and types"
              .formatted(options.launchTemplate());
      case UNSUPPORTED -> "take the machine type or the zone out of the pool";
      case ENDED, UNKNOWN -> "it is asked again later, or elsewhere";
    };
  }
}
