package io.fettle.activities.capacity.gcp;

import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpResponseException;
import com.google.api.services.compute.model.Operation;
import com.google.auth.Retryable;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.workflows.capacity.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Compute Engine's noes as sentences with what to do. */
final class Refusals {
  private static final int NOT_SIGNED_IN = 401;
  private static final int FORBIDDEN = 403;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERROR = 500;
  private static final int MOST_CHARACTERS = 300;

  /**
   * Which no of several is told: first those that a try elsewhere or later may mend, and last what
   * people must mend, since that will still be there when the others have passed.
   */
  private static final List<Kind> ORDER =
      List.of(
          Kind.STOCKOUT,
          Kind.QUOTA,
          Kind.UNKNOWN,
          Kind.UNSUPPORTED,
          Kind.TEMPLATE,
          Kind.PERMISSION);

  private static final Pattern NO_TEMPLATE =
      Pattern.compile("/instanceTemplates/[^/']+' was not found", Pattern.CASE_INSENSITIVE);

  private final GceOptions options;

  Refusals(GceOptions options) {
    this.options = options;
  }

  private record No(Kind kind, String code, String message) {}

  /** Of a call that failed: a {@link Refusal} if Compute Engine has decided, else anything. */
  IOException of(IOException e) {
    return switch (e) {
      case Refusal refusal -> refusal;
      case HttpResponseException answer -> answered(answer);
      case Retryable unsigned when !unsigned.isRetryable() -> noCredentials(e);
      default ->
          new IOException(
              "pool %s: Compute Engine did not answer for project %s: %s; check the network and the endpoint"
                  .formatted(options.pool(), options.project(), e.getMessage()),
              e);
    };
  }

  Refusal noCredentials(IOException e) {
    return new Refusal(
        Kind.PERMISSION,
        "NoCredentials",
        "pool %s: no Google credentials of use (%s); run `gcloud auth application-default login`, set GOOGLE_APPLICATION_CREDENTIALS, or give the machine a service account"
            .formatted(options.pool(), brief(Objects.requireNonNullElse(e.getMessage(), ""))),
        List.of());
  }

  private IOException answered(HttpResponseException e) {
    var no = no(e);
    if (no.kind() == Kind.UNKNOWN && e.getStatusCode() >= SERVER_ERROR) {
      return new IOException(
          "pool %s: Compute Engine is in trouble (%d %s); the call is repeated"
              .formatted(options.pool(), e.getStatusCode(), no.code()),
          e);
    }
    return refusal(no, List.of());
  }

  private static No no(HttpResponseException e) {
    var error = e instanceof GoogleJsonResponseException json ? json.getDetails() : null;
    if (error == null) {
      return new No(byStatus(e.getStatusCode()), "HTTP " + e.getStatusCode(), "");
    }
    var message = Objects.requireNonNullElse(error.getMessage(), "");
    var codes = codes(error);
    for (var code : codes) {
      var kind = ErrorFamily.of(code, message).kind();
      if (kind != Kind.UNKNOWN) {
        return new No(kind, code, message);
      }
    }
    return codes.isEmpty()
        ? new No(byStatus(e.getStatusCode()), "HTTP " + e.getStatusCode(), message)
        : new No(Kind.UNKNOWN, codes.getFirst(), message);
  }

  /** The old short reason first, then what the details say. */
  private static List<String> codes(GoogleJsonError error) {
    var codes = new ArrayList<String>();
    Objects.requireNonNullElse(error.getErrors(), List.<GoogleJsonError.ErrorInfo>of())
        .forEach(each -> add(codes, each.getReason()));
    Objects.requireNonNullElse(error.getDetails(), List.<GoogleJsonError.Details>of())
        .forEach(each -> add(codes, each.getReason()));
    return codes;
  }

  private static void add(List<String> codes, @Nullable String code) {
    if (code != null && !code.isBlank()) {
      codes.add(code);
    }
  }

  private static Kind byStatus(int status) {
    return switch (status) {
      case NOT_SIGNED_IN, FORBIDDEN -> Kind.PERMISSION;
      case TOO_MANY -> Kind.THROTTLE;
      default -> status < SERVER_ERROR ? Kind.TEMPLATE : Kind.UNKNOWN;
    };
  }

  /**
   * Of an insert that was done and failed; empty: it did not. Such an answer is kept under its
   * request id, so a throttle in it is as final as an empty zone.
   */
  Optional<Refusal> of(Operation done, Place place) {
    return errors(done).stream()
        .map(
            error -> {
              var code = Objects.requireNonNullElse(error.getCode(), "");
              var message = Objects.requireNonNullElse(error.getMessage(), "");
              var kind = ErrorFamily.of(code, message).kind();
              return new No(kind == Kind.THROTTLE ? Kind.STOCKOUT : kind, code, message);
            })
        .min(Comparator.comparingInt(no -> ORDER.indexOf(no.kind())))
        .map(no -> refusal(no, List.of(place)));
  }

  private static List<Operation.Error.Errors> errors(Operation done) {
    var error = done.getError();
    var errors = error == null ? null : error.getErrors();
    return Objects.requireNonNullElse(errors, List.of());
  }

  static boolean isTaken(Refusal refusal) {
    return ErrorFamily.of(refusal.code(), "") == ErrorFamily.TAKEN;
  }

  /** Whether the template itself was not found, by the answer's words: its code is any thing's. */
  static boolean isOfNoTemplate(Refusal refusal) {
    return refusal.kind() == Kind.TEMPLATE && NO_TEMPLATE.matcher(refusal.sentence()).find();
  }

  Refusal takenByOthers(String zone, String name) {
    return new Refusal(
        Kind.UNKNOWN,
        "alreadyExists",
        "pool %s: the machine %s in %s is not this pool's, and has the name of one that it launches; delete or rename it"
            .formatted(options.pool(), name, zone),
        List.of());
  }

  private Refusal refusal(No no, List<Place> places) {
    var where =
        places.isEmpty()
            ? "a machine"
            : places.getFirst().type() + " in " + places.getFirst().zone();
    return new Refusal(
        no.kind(),
        no.code(),
        "pool %s: Compute Engine refused %s (%s: %s); %s"
            .formatted(options.pool(), where, no.code(), brief(no.message()), remedy(no.kind())),
        places);
  }

  private static String brief(String words) {
    return words.length() > MOST_CHARACTERS ? words.substring(0, MOST_CHARACTERS) + "..." : words;
  }

  private String remedy(Kind kind) {
    return switch (kind) {
      case STOCKOUT, PRICE, ENDED, UNKNOWN -> "it is asked again later, or elsewhere";
      case QUOTA ->
          "ask for a higher quota of project %s (spot GPUs have one of their own, and all GPUs together), or allow another market"
              .formatted(options.project());
      case THROTTLE -> "the same is asked again later";
      case PERMISSION ->
          "give the control plane's account what docs/guides/compute-engine.md lists, in project %s"
              .formatted(options.project());
      case TEMPLATE ->
          "correct the instance template %s, or the pool's project, zones and types"
              .formatted(options.template());
      case UNSUPPORTED -> "take the machine type or the zone out of the pool";
    };
  }
}
