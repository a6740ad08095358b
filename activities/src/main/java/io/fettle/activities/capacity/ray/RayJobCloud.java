package io.fettle.activities.capacity.ray;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hosts that KubeRay makes: a RayJob each, whose name follows from the token. Each call is sent
 * once: repeats are the caller's, who knows when to stop.
 */
final class RayJobCloud implements Cloud {
  private static final Logger log = LoggerFactory.getLogger(RayJobCloud.class);
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Within the minute that an activity of capacity has. */
  private static final Duration ANSWER = Duration.ofSeconds(20);

  /** KubeRay ends the pods of an ended job and keeps the RayJob; ours go once nobody asks. */
  private static final Duration KEPT = Duration.ofDays(1);

  private static final int MOST_CHARACTERS = 300;
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  private final RayOptions options;
  private final RayOptions.Kubernetes kubernetes;
  private final KubernetesClient client;
  private final RayClusters clusters;
  private final InstantSource clock;

  RayJobCloud(RayOptions options, RayOptions.Kubernetes kubernetes, InstantSource clock) {
    this(options, kubernetes, clock, client(kubernetes));
  }

  RayJobCloud(
      RayOptions options,
      RayOptions.Kubernetes kubernetes,
      InstantSource clock,
      KubernetesClient client) {
    this.options = options;
    this.kubernetes = kubernetes;
    this.clock = clock;
    this.client = client;
    this.clusters = new RayClusters(client, kubernetes.namespace());
  }

  private static KubernetesClient client(RayOptions.Kubernetes kubernetes) {
    var config = new ConfigBuilder(Config.autoConfigure(null));
    if (!kubernetes.endpoint().isEmpty()) {
      config.withMasterUrl(kubernetes.endpoint());
    }
    return new KubernetesClientBuilder().withConfig(patient(config).build()).build();
  }

  /** The client's own ten repeats of a call would outlive the activity that asks. */
  static ConfigBuilder patient(ConfigBuilder config) {
    return config
        .withConnectionTimeout((int) CONNECT.toMillis())
        .withRequestTimeout((int) ANSWER.toMillis())
        .withRequestRetryBackoffLimit(0);
  }

  @Override
  public String name() {
    return options.pool();
  }

  @Override
  public List<Offer> offers(String shape) {
    return kubernetes.markets().stream()
        .sorted()
        .flatMap(market -> options.offers(shape, market, kubernetes.namespace()).stream())
        .toList();
  }

  @Override
  public int placesAtOnce() {
    return 1;
  }

  private NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      jobs() {
    return client.genericKubernetesResources(RayJob.DEFINITION).inNamespace(kubernetes.namespace());
  }

  @Override
  public Machine launch(Intent intent) throws IOException {
    var job = new RayJob(options, kubernetes, intent).resource();
    try {
      return machine(jobs().resource(job).create());
    } catch (KubernetesClientException e) {
      var there = e.getCode() == CONFLICT ? found(Marks.name(intent.token())) : null;
      if (there == null) { // a quota's record can be in conflict too
        throw refusal(e);
      }
      return adopted(there);
    }
  }

  private @Nullable GenericKubernetesResource found(String name) throws IOException {
    return told(() -> jobs().withName(name).get());
  }

  private Machine adopted(GenericKubernetesResource found) throws Refusal {
    if (!isOurs(found)) {
      throw new Refusal(
          Kind.ENDED,
          "AlreadyExists",
          "pool %s: the RayJob %s in %s is somebody else's; another acquisition gets another name"
              .formatted(options.pool(), found.getMetadata().getName(), kubernetes.namespace()),
          List.of());
    }
    if (isBeingDeleted(found)) {
      throw new Refusal(
          Kind.ENDED,
          "AlreadyExists",
          "pool %s: the RayJob %s in %s is being deleted; another acquisition gets another name"
              .formatted(options.pool(), found.getMetadata().getName(), kubernetes.namespace()),
          List.of());
    }
    return machine(found);
  }

  @Override
  public List<Machine> machines() throws IOException {
    return listed(Map.of());
  }

  @Override
  public List<Machine> machines(String token) throws IOException {
    var machines = new ArrayList<Machine>();
    for (var machine : listed(Map.of(Marks.ACQUISITION, token))) {
      machines.add(machine.state() == HostState.PENDING ? explained(machine) : machine);
    }
    return machines;
  }

  @Override
  public Optional<Machine> machine(String id) throws IOException {
    var job = Optional.ofNullable(found(id));
    return job.isPresent()
        ? job.filter(this::isOurs).map(this::machine)
        : Cloud.super.machine(id); // its cluster may be left
  }

  private Machine explained(Machine machine) throws IOException {
    var why = told(() -> clusters.whyItWaits(labels(machine.token())));
    return why.isEmpty()
        ? machine
        : new Machine(
            machine.id(),
            machine.token(),
            machine.run(),
            machine.state(),
            RayJobState.shortened(machine.detail() + ", " + why),
            machine.place());
  }

  /**
   * A cluster whose job is gone costs as before: KubeRay has lost some. Listed before the jobs, so
   * that one with a job is not taken for one without.
   */
  private List<Machine> listed(Map<String, String> more) throws IOException {
    var labels = new TreeMap<>(more);
    labels.put(Marks.OWNER, options.owner());
    labels.put(Marks.POOL, options.pool());
    var left = told(() -> clusters.marked(labels));
    var machines = new ArrayList<Machine>();
    var jobs = new HashSet<String>();
    for (var job : told(() -> jobs().withLabels(labels).list()).getItems()) {
      jobs.add(job.getMetadata().getName());
      if (isOurs(job) && !(isOld(job) && deleted(job))) {
        machines.add(machine(job));
      }
    }
    for (var cluster : left) {
      if (isOurs(cluster) && jobs.add(Marks.name(token(cluster)))) {
        var state = new RayJobState(HostState.UNKNOWN, "a RayCluster without its RayJob");
        machines.add(machine(Marks.name(token(cluster)), cluster, state));
      }
    }
    return machines;
  }

  private Map<String, String> labels(String token) {
    return Map.of(
        Marks.OWNER, options.owner(), Marks.POOL, options.pool(), Marks.ACQUISITION, token);
  }

  private static String token(GenericKubernetesResource marked) {
    return marked.getMetadata().getLabels().getOrDefault(Marks.ACQUISITION, "");
  }

  private boolean isOurs(GenericKubernetesResource job) {
    return Marks.areOf(
        options, Objects.requireNonNullElse(job.getMetadata().getLabels(), Map.of()));
  }

  /** A day is more than two machines' clocks lie apart. */
  private boolean isOld(GenericKubernetesResource job) {
    return state(job).state() == HostState.TERMINATED
        && status(job).get("endTime") instanceof String ended
        && isBefore(ended, clock.instant().minus(KEPT));
  }

  private static boolean isBefore(String time, Instant limit) {
    try {
      return Instant.parse(time).isBefore(limit);
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  /** Housekeeping: where it fails, the next list tries again. */
  private boolean deleted(GenericKubernetesResource job) {
    try {
      delete(job.getMetadata().getName());
      return true;
    } catch (IOException e) {
      log.debug("an old RayJob stays: {}", e.getMessage());
      return false;
    }
  }

  /**
   * The operator lets a job that is deleted stop its agent, and then go with its cluster. Where the
   * job is still there at a repeat, or its cluster alone is, the operator is away: the cluster is
   * deleted without it.
   */
  @Override
  public void terminate(Machine machine) throws IOException {
    var job = found(machine.id());
    if (job != null) {
      delete(machine.id());
    }
    if (job == null || isBeingDeleted(job)) {
      try {
        clusters.delete(labels(machine.token()));
      } catch (KubernetesClientException e) {
        throw refusal(e);
      }
    }
  }

  private void delete(String name) throws IOException {
    try {
      jobs().withName(name).withPropagationPolicy(DeletionPropagation.BACKGROUND).delete();
    } catch (KubernetesClientException e) {
      if (e.getCode() != NOT_FOUND) {
        throw refusal(e);
      }
    }
  }

  private Machine machine(GenericKubernetesResource job) {
    return machine(job.getMetadata().getName(), job, state(job));
  }

  private Machine machine(String id, GenericKubernetesResource marked, RayJobState state) {
    var marks =
        Objects.<Map<String, String>>requireNonNullElse(
            marked.getMetadata().getAnnotations(), Map.of());
    return Marks.machine(options, id, marks, state.state(), state.detail(), kubernetes.namespace());
  }

  private static RayJobState state(GenericKubernetesResource job) {
    return RayJobState.of(status(job), isBeingDeleted(job));
  }

  private static boolean isBeingDeleted(GenericKubernetesResource job) {
    return job.getMetadata().getDeletionTimestamp() != null;
  }

  @SuppressWarnings("unchecked") // a JSON object has texts for keys
  private static Map<String, Object> status(GenericKubernetesResource job) {
    return job.getAdditionalProperties().get("status") instanceof Map<?, ?> status
        ? (Map<String, Object>) status
        : Map.of();
  }

  private <T> T told(Supplier<T> call) throws IOException {
    try {
      return call.get();
    } catch (KubernetesClientException e) {
      throw refusal(e);
    }
  }

  private static String reason(KubernetesClientException e) {
    Status status = e.getStatus();
    return status == null ? "" : Objects.requireNonNullElse(status.getReason(), "");
  }

  private static String message(KubernetesClientException e) {
    Status status = e.getStatus();
    var message = status == null ? null : status.getMessage();
    return Objects.requireNonNullElse(message, String.valueOf(e.getMessage()));
  }

  /** A {@link Refusal} if the API server has decided, else anything. */
  private IOException refusal(KubernetesClientException e) {
    var message = message(e);
    var words =
        message.length() > MOST_CHARACTERS
            ? message.substring(0, MOST_CHARACTERS) + "..."
            : message;
    var decided = ClusterFamily.of(e.getCode(), message);
    if (decided.isEmpty()) {
      return new IOException(
          "pool %s: Kubernetes did not decide (%d: %s); the call is repeated"
              .formatted(options.pool(), e.getCode(), words),
          e);
    }
    return new Refusal(
        decided.get(),
        e.getCode() + " " + reason(e),
        "pool %s: Kubernetes refused a RayJob in %s (%d: %s); %s"
            .formatted(
                options.pool(), kubernetes.namespace(), e.getCode(), words, remedy(decided.get())),
        List.of());
  }

  private String remedy(Kind kind) {
    return switch (kind) {
      case QUOTA -> "raise the namespace's ResourceQuota, or wait until other jobs have ended";
      case THROTTLE -> "the same is asked again later";
      case PERMISSION ->
          "in %s let the control worker create, get, list and delete rayjobs of ray.io, list and delete rayclusters, list pods"
              .formatted(kubernetes.namespace());
      case TEMPLATE ->
          "install KubeRay's operator (1.4 or newer) and make the namespace, or correct the pool's keys";
      case STOCKOUT, PRICE, UNSUPPORTED, ENDED, UNKNOWN -> "it is asked again later, or elsewhere";
    };
  }
}
