package io.fettle.activities.capacity.gcp;

import com.google.api.services.compute.model.Instance;
import com.google.api.services.compute.model.Operation;
import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.setup.Listing;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compute Engine. A machine's name follows from its token, so a second one of a token cannot be in
 * its zone; the zone is the offer's, so it cannot be in another. A repeat also carries the request
 * id of the first, whose answer Compute Engine gives again for a time that it does not name.
 */
public final class GceCloud implements Cloud {
  private static final Logger log = LoggerFactory.getLogger(GceCloud.class);

  /**
   * It will not come back, for it is launched without automatic restart, yet keeps its disk and its
   * name.
   */
  private static final Set<String> REMAINS = Set.of("TERMINATED", "STOPPED", "SUSPENDED");

  private static final String PROVISIONING = "PROVISIONING";
  private static final String PREEMPTED = "compute.instances.preempted";

  /** What ends a machine; the guide "View operations and system events" lists those of Google. */
  private static final List<String> ENDS =
      List.of(
          PREEMPTED,
          "compute.instances.hostError",
          "compute.instances.terminateOnHostMaintenance",
          "compute.instances.guestTerminate",
          "delete",
          "stop");

  /** Between two looks for a template that is not there. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Of as many tokens this process knows where their machines were seen. */
  private static final int SEEN = 1_000;

  private final GceOptions options;
  private final Marks marks;
  private final Refusals refusals;
  private final Inserts inserts;
  private final Api api;
  private final Map<String, String> zonesSeen =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
              return size() > SEEN;
            }
          });

  public GceCloud(GceOptions options) {
    this.options = options;
    this.marks = new Marks(options);
    this.refusals = new Refusals(options);
    this.inserts = new Inserts(options, marks);
    this.api = new Api(options, refusals);
  }

  @Override
  public String name() {
    return options.pool();
  }

  @Override
  public List<Offer> offers(String shape) {
    var offers = new ArrayList<Offer>();
    for (var market : options.markets()) {
      for (var place : options.places(shape, market)) {
        offers.add(Listing.offer(options.pool(), shape, market, place));
      }
    }
    return offers;
  }

  /** An insert is of one zone. */
  @Override
  public int placesAtOnce() {
    return 1;
  }

  @Override
  public Machine launch(Intent intent) throws IOException {
    var place = intent.offer().places().getFirst();
    var name = marks.name(intent.token());
    var taken = insert(intent, place);
    var instance = api.instance(place.zone(), name);
    if (instance.isPresent()) {
      if (!marks.areOn(instance.get(), intent.token())) {
        throw refusals.takenByOthers(place.zone(), name);
      }
      return machine(instance.get());
    }
    var ended = ended(intent.token(), place.zone());
    if (ended.isEmpty() && taken.isPresent()) {
      throw taken.get(); // its disk, say
    }
    return ended.orElseThrow(() -> new IOException(notThere(place.zone(), name)));
  }

  /** What was said if something has the name; empty: the machine was made. */
  private Optional<Refusal> insert(Intent intent, Place place) throws IOException {
    try {
      var refusal = refusals.of(api.done(place.zone(), started(intent, place)), place);
      if (refusal.isPresent()) {
        throw refusal.get();
      }
      return Optional.empty();
    } catch (Refusal refusal) {
      if (!Refusals.isTaken(refusal)) {
        throw refusal;
      }
      return Optional.of(refusal);
    }
  }

  /** Terraform replaces a template in place: for seconds there is none of that name. */
  private Operation started(Intent intent, Place place) throws IOException {
    long began = System.nanoTime();
    while (true) {
      try {
        return api.insert(
            place.zone(), inserts.instance(intent, api.template()), marks.request(intent.token()));
      } catch (Refusal refusal) {
        var waited = Duration.ofNanos(System.nanoTime() - began);
        if (!Refusals.isOfNoTemplate(refusal) || waited.compareTo(options.patience()) >= 0) {
          throw refusal;
        }
      }
      pause();
    }
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while an instance template was looked for");
    }
  }

  private String notThere(String zone, String name) {
    return "pool %s: machine %s in %s was made and is not there; the next try looks for it"
        .formatted(options.pool(), name, zone);
  }

  @Override
  public List<Machine> machines() throws IOException {
    var instances = listed("");
    for (var instance : instances) {
      if (REMAINS.contains(status(instance))) {
        clear(instance);
      }
    }
    return instances.stream().map(this::machine).toList();
  }

  /** Of no use to anybody, and not free. */
  private void clear(Instance instance) {
    try {
      api.delete(zone(instance), instance.getName());
      log.info("machine {} has stopped; it is deleted with its disk", id(instance));
    } catch (IOException e) {
      log.warn("machine {} has stopped and is not deleted: {}", id(instance), e.getMessage());
    }
  }

  @Override
  public List<Machine> machines(String token) throws IOException {
    var listed = listed(token);
    if (!listed.isEmpty()) {
      var machines = new ArrayList<Machine>();
      for (var instance : listed) {
        var settled = settled(instance);
        if (settled.isPresent()) {
          machines.add(explained(machine(settled.get())));
        }
      }
      return machines;
    }
    var zone = zonesSeen.get(token);
    return zone == null ? List.of() : ended(token, zone).stream().toList();
  }

  /** What was done to one that is in no list any more is known for some days. */
  @Override
  public Optional<Machine> machine(String id) throws IOException {
    var zone = id.substring(0, Math.max(0, id.indexOf('/')));
    var name = id.substring(id.indexOf('/') + 1);
    var instance = api.instance(zone, name).filter(marks::areOn);
    return instance.isPresent() ? Optional.of(machine(instance.get())) : ended("", zone, name);
  }

  private List<Instance> listed(String token) throws IOException {
    return api.instances(marks.filter(token)).stream()
        .filter(instance -> token.isEmpty() ? marks.areOn(instance) : marks.areOn(instance, token))
        .toList();
  }

  /**
   * One whose resources are still looked for may come to nothing, and is then gone: who takes it
   * for a host waits for nobody. The wait is bounded; what goes on for longer is as it is.
   */
  private Optional<Instance> settled(Instance instance) throws IOException {
    var zone = zone(instance);
    var making =
        PROVISIONING.equals(status(instance))
            ? api.operations(zone, instance.getName()).stream()
                .filter(operation -> "insert".equals(operation.getOperationType()))
                .filter(operation -> !Api.isDone(operation))
                .findFirst()
            : Optional.<Operation>empty();
    if (making.isEmpty()) {
      return Optional.of(instance);
    }
    try {
      api.done(zone, making.get());
    } catch (Api.Unfinished e) {
      return Optional.of(instance);
    }
    return api.instance(zone, instance.getName());
  }

  private Machine explained(Machine machine) throws IOException {
    if (machine.mayCost() || !machine.detail().isEmpty()) {
      return machine;
    }
    var why = ended(machine.token(), machine.place().zone()).map(Machine::detail).orElse("");
    return new Machine(
        machine.id(), machine.token(), machine.run(), machine.state(), why, machine.place());
  }

  /** One that is in no list any more: what was done to it is, for some days. */
  private Optional<Machine> ended(String token, String zone) throws IOException {
    return ended(token, zone, marks.name(token));
  }

  private Optional<Machine> ended(String token, String zone, String name) throws IOException {
    return api.operations(zone, name).stream()
        .filter(operation -> Api.isDone(operation) && ENDS.contains(operation.getOperationType()))
        .filter(operation -> operation.getError() == null)
        .min(Comparator.comparingInt(operation -> ENDS.indexOf(operation.getOperationType())))
        .map(
            operation ->
                new Machine(
                    zone + "/" + name,
                    token,
                    "",
                    HostState.TERMINATED,
                    words(operation),
                    new Place("", zone, -1)));
  }

  private static String words(Operation operation) {
    var message = Objects.requireNonNullElse(operation.getStatusMessage(), "");
    return message.isEmpty()
        ? operation.getOperationType()
        : operation.getOperationType() + ": " + message;
  }

  @Override
  public void terminate(Machine machine) throws IOException {
    var name = machine.id().substring(machine.id().lastIndexOf('/') + 1);
    api.delete(machine.place().zone(), name);
  }

  private Machine machine(Instance instance) {
    var type = last(instance.getMachineType());
    var scheduling = instance.getScheduling();
    var market =
        scheduling != null && "SPOT".equals(scheduling.getProvisioningModel())
            ? Market.SPOT
            : Market.ON_DEMAND;
    var token = Marks.word(instance, Marks.ACQUISITION);
    zonesSeen.put(token, zone(instance));
    return new Machine(
        id(instance),
        token,
        Marks.word(instance, Marks.RUN),
        state(status(instance)),
        Objects.requireNonNullElse(instance.getStatusMessage(), ""),
        new Place(type, zone(instance), options.price(type, market)));
  }

  /** Names are of one zone. */
  private static String id(Instance instance) {
    return zone(instance) + "/" + instance.getName();
  }

  private static String zone(Instance instance) {
    return last(instance.getZone());
  }

  private static String status(Instance instance) {
    return Objects.requireNonNullElse(instance.getStatus(), "");
  }

  private static String last(@Nullable String link) {
    return link == null ? "" : link.substring(link.lastIndexOf('/') + 1);
  }

  /** The guide "Compute Engine instance lifecycle" lists them. */
  private static HostState state(String status) {
    return switch (status) {
      case "PENDING", PROVISIONING, "STAGING" -> HostState.PENDING;
      case "RUNNING" -> HostState.RUNNING;
      case "STOPPING", "SUSPENDING", "DEPROVISIONING" -> HostState.TERMINATED;
      case "TERMINATED", "STOPPED", "SUSPENDED" -> HostState.TERMINATED;
      default -> HostState.UNKNOWN; // REPAIRING, PENDING_STOP, and what is not known yet
    };
  }
}
