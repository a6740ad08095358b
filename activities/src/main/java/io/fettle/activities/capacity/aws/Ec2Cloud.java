package io.fettle.activities.capacity.aws;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.setup.Listing;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.CreateFleetInstance;
import software.amazon.awssdk.services.ec2.model.CreateFleetResponse;
import software.amazon.awssdk.services.ec2.model.DescribeInstancesRequest;
import software.amazon.awssdk.services.ec2.model.Ec2Exception;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceLifecycleType;

/**
 * EC2. Each call is sent once: repeats are the caller's, who knows the token and when to stop, and
 * an empty pool is a server error there, which the SDK would ask for again at once.
 *
 * <p>The same token gives the same fleet for at least a day after its instance has ended (EC2's API
 * reference, "Ensuring idempotency"), so a repeat may well name a dead one.
 */
public final class Ec2Cloud implements Cloud {
  /**
   * EC2 takes up to 300 overrides; more places than this say little more about where there is room.
   */
  private static final int PLACES = 50;

  private static final int PAGE = 200;

  /** How long a choice waits for today's prices; they are read on for the next. */
  private static final Duration PRICES = Duration.ofSeconds(2);

  private static final String NOT_FOUND = "InvalidInstanceID";

  private final Ec2Options options;
  private final Ec2Client client;
  private final Refusals refusals;
  private final InstantSource clock;
  private final SpotPrices spot;

  public Ec2Cloud(Ec2Options options) {
    this(options, InstantSource.system());
  }

  Ec2Cloud(Ec2Options options, InstantSource clock) {
    this.options = options;
    this.clock = clock;
    this.refusals = new Refusals(options);
    this.client = Ec2Clients.of(options.region(), options.endpoint());
    this.spot = new SpotPrices(options.pool(), this::spotPrices, PRICES, System::nanoTime);
  }

  @Override
  public String name() {
    return options.pool();
  }

  @Override
  public List<Offer> offers(String shape) {
    var offers = new ArrayList<Offer>();
    for (var market : options.markets()) {
      var places = options.places(shape, market);
      if (market == Market.SPOT && !places.isEmpty()) {
        spot.refresh();
      }
      for (var place : places) {
        offers.add(offer(shape, market, place));
      }
    }
    return offers;
  }

  /** Ranked by what spot costs today; a cap pays for it at what will be counted. */
  private Offer offer(String shape, Market market, Place place) {
    var counted = new Place(place.type(), place.zone(), price(place.type(), place.zone(), market));
    return quote(place.type(), place.zone(), market)
        .map(
            now ->
                new Offer(
                    options.pool(),
                    shape,
                    now.dollars(),
                    String.format(
                        Locale.ROOT,
                        "EC2 says %.4f, read %d min ago",
                        now.dollars(),
                        now.age().toMinutes()),
                    market,
                    List.of(counted)))
        .orElseGet(() -> Listing.offer(options.pool(), shape, market, counted));
  }

  /**
   * At which what a host costs is counted: EC2 bills spot at a price that moves, and a host that
   * was launched at a low stays, so a dearer one that is written down counts.
   */
  private double price(String type, String zone, Market market) {
    double written = options.price(type, market);
    return quote(type, zone, market).map(now -> Math.max(now.dollars(), written)).orElse(written);
  }

  private Optional<SpotPrices.Quote> quote(String type, String zone, Market market) {
    return market == Market.SPOT ? spot.quote(type, zone) : Optional.empty();
  }

  private Map<SpotPrices.Where, Double> spotPrices() throws IOException {
    var types = options.types().values().stream().flatMap(List::stream).distinct().toList();
    return told(() -> SpotPrices.read(client, types, clock.instant()));
  }

  @Override
  public int placesAtOnce() {
    return PLACES;
  }

  @Override
  public Machine launch(Intent intent) throws IOException {
    var fleet = fleet(intent);
    for (var instances : fleet.instances()) {
      if (!instances.instanceIds().isEmpty()) {
        var id = instances.instanceIds().getFirst();
        return machine(id).orElseGet(() -> young(id, instances, intent));
      }
    }
    throw refusals.of(fleet.errors(), intent.offer());
  }

  private CreateFleetResponse fleet(Intent intent) throws IOException {
    try {
      return client.createFleet(Fleets.request(options, intent));
    } catch (SdkException e) {
      throw refusals.of(e, intent.offer());
    }
  }

  /** EC2 need not list yet what it has just made. */
  private Machine young(String id, CreateFleetInstance instances, Intent intent) {
    var where = instances.launchTemplateAndOverrides();
    var zone = where == null || where.overrides() == null ? "" : refusals.zone(where.overrides());
    var type = instances.instanceTypeAsString();
    var place = new Place(type, zone, price(type, zone, intent.offer().market()));
    return new Machine(id, intent.token(), intent.by().run(), HostState.PENDING, "", place);
  }

  @Override
  public Optional<Machine> machine(String id) throws IOException {
    try {
      return machines(DescribeInstancesRequest.builder().instanceIds(id).build()).stream()
          .findFirst();
    } catch (SdkException e) {
      if (isNotFound(e)) {
        return Optional.empty();
      }
      throw refusals.of(e);
    }
  }

  @Override
  public List<Machine> machines() throws IOException {
    return listed(List.of());
  }

  @Override
  public List<Machine> machines(String token) throws IOException {
    return listed(List.of(tagged(Fleets.ACQUISITION, token)));
  }

  private List<Machine> listed(List<Filter> more) throws IOException {
    var filters = new ArrayList<>(more);
    filters.add(tagged(Fleets.OWNER, options.owner()));
    filters.add(tagged(Fleets.POOL, options.pool()));
    var request = DescribeInstancesRequest.builder().filters(filters).maxResults(PAGE).build();
    return told(() -> machines(request));
  }

  /** Filters take {@code *} and {@code ?} for anything: what is ours is compared here once more. */
  private List<Machine> machines(DescribeInstancesRequest request) {
    return client.describeInstancesPaginator(request).reservations().stream()
        .flatMap(reservation -> reservation.instances().stream())
        .filter(
            instance ->
                tag(instance, Fleets.OWNER).equals(options.owner())
                    && tag(instance, Fleets.POOL).equals(options.pool()))
        .map(this::machine)
        .toList();
  }

  @Override
  public void terminate(Machine machine) throws IOException {
    try {
      client.terminateInstances(request -> request.instanceIds(machine.id()));
    } catch (SdkException e) {
      if (!isNotFound(e)) {
        throw refusals.of(e);
      }
    }
  }

  private static boolean isNotFound(SdkException e) {
    return e instanceof Ec2Exception answer && Refusals.code(answer).startsWith(NOT_FOUND);
  }

  private static Filter tagged(String tag, String value) {
    return Filter.builder().name("tag:" + tag).values(value).build();
  }

  private Machine machine(Instance instance) {
    var type = instance.instanceTypeAsString();
    var placed = instance.placement() == null ? null : instance.placement().availabilityZone();
    var zone = Objects.requireNonNullElse(placed, "");
    return new Machine(
        instance.instanceId(),
        tag(instance, Fleets.ACQUISITION),
        tag(instance, Fleets.RUN),
        state(instance),
        detail(instance),
        new Place(type, zone, price(type, zone, market(instance))));
  }

  /** One that runs in a reservation costs no more than that does, whoever asked for which. */
  private static Market market(Instance instance) {
    if (instance.instanceLifecycle() == InstanceLifecycleType.SPOT) {
      return Market.SPOT;
    }
    var reservation = Objects.requireNonNullElse(instance.capacityReservationId(), "");
    return reservation.isEmpty() ? Market.ON_DEMAND : Market.RESERVED;
  }

  /**
   * A stopped one keeps its disk and its price, and may be started again: neither dead nor of use.
   * Nothing here stops one; a person may.
   */
  private static HostState state(Instance instance) {
    return switch (instance.state().name()) {
      case PENDING -> HostState.PENDING;
      case RUNNING -> HostState.RUNNING;
      case SHUTTING_DOWN, TERMINATED -> HostState.TERMINATED;
      case STOPPING, STOPPED, UNKNOWN_TO_SDK_VERSION -> HostState.UNKNOWN;
    };
  }

  private static String detail(Instance instance) {
    var reason = instance.stateReason();
    var code = reason == null ? "" : Objects.requireNonNullElse(reason.code(), "");
    if (reason == null || code.isEmpty()) {
      return Objects.requireNonNullElse(instance.stateTransitionReason(), "");
    }
    var message = Objects.requireNonNullElse(reason.message(), "");
    return message.startsWith(code) ? message : code + ": " + message;
  }

  private static String tag(Instance instance, String key) {
    return instance.tags().stream()
        .filter(tag -> tag.key().equals(key))
        .map(tag -> tag.value())
        .findFirst()
        .orElse("");
  }

  private <T> T told(Supplier<T> call) throws IOException {
    try {
      return call.get();
    } catch (SdkException e) {
      throw refusals.of(e);
    }
  }
}
