package io.fettle.activities.capacity.ray;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs of a Ray cluster that is there. The head keeps its list of jobs in memory: one that starts
 * again knows none, and its nodes end what ran (seen within seconds of a head's {@code kill -9}).
 *
 * <p>A job that waits for a GPU can be stopped, but ends only once it has got one, or after the
 * head's fifteen minutes; it costs nothing until then.
 */
final class RayHeadCloud implements Cloud {
  private static final Logger log = LoggerFactory.getLogger(RayHeadCloud.class);

  /** The head keeps ended jobs for ever; ours are taken out once nobody asks about them. */
  private static final Duration KEPT = Duration.ofDays(1);

  /** Any share of it: Ray's nodes have one of this resource for the type of their GPUs. */
  private static final double A_TOUCH = 0.001;

  private static final int MOST_CHARACTERS = 300;

  private final RayOptions options;
  private final URI dashboard;
  private final JobsApi api;
  private final InstantSource clock;
  private final JsonMapper json = JsonMapper.builder().build();

  RayHeadCloud(RayOptions options, RayOptions.Head head, InstantSource clock) {
    this.options = options;
    this.dashboard = head.dashboard();
    this.api = new JobsApi(dashboard);
    this.clock = clock;
  }

  @Override
  public String name() {
    return options.pool();
  }

  @Override
  public List<Offer> offers(String shape) {
    return options.offers(shape, Market.OWNED, zone());
  }

  private String zone() {
    return Objects.requireNonNullElse(dashboard.getHost(), "");
  }

  @Override
  public int placesAtOnce() {
    return 1;
  }

  @Override
  public Machine launch(Intent intent) throws IOException {
    var answer = api.submit(job(intent));
    var id = Marks.name(intent.token());
    if (answer.isDuplicate()) {
      return adopted(id);
    }
    if (!answer.isOk()) {
      throw refusal(answer);
    }
    return Marks.machine(
        options, id, Marks.of(options, intent), HostState.PENDING, "submitted", zone());
  }

  private Machine adopted(String id) throws IOException {
    var found = machine(id);
    if (found.isEmpty()) {
      throw new Refusal(
          Kind.ENDED,
          "already exists",
          "pool %s: the job %s of Ray at %s is somebody else's; another acquisition gets another name"
              .formatted(options.pool(), id, dashboard),
          List.of());
    }
    return found.get();
  }

  private ObjectNode job(Intent intent) {
    var shape = intent.offer().shape();
    int gpus = RayOptions.gpus(shape).orElse(0);
    var job = json.createObjectNode();
    job.put("submission_id", Marks.name(intent.token()));
    job.put("entrypoint", options.entrypoint());
    var metadata = job.putObject("metadata");
    Marks.of(options, intent).forEach(metadata::put);
    var environment = job.putObject("runtime_env").putObject("env_vars");
    Marks.agent(options, intent).forEach(environment::put);
    job.put("entrypoint_num_cpus", gpus == 0 ? RayOptions.cores(shape) : 0);
    job.put("entrypoint_num_gpus", gpus);
    var type = Marks.place(intent).type();
    if (gpus > 0 && options.isNamed(type)) {
      job.putObject("entrypoint_resources").put("accelerator_type:" + type, A_TOUCH);
    }
    return job;
  }

  @Override
  public List<Machine> machines() throws IOException {
    var answer = api.list();
    if (!answer.isOk() || !answer.body().isArray()) {
      throw refusal(answer);
    }
    var machines = new ArrayList<Machine>();
    for (var job : answer.body()) {
      if (isOurs(job) && !(isOld(job) && deleted(job))) {
        machines.add(machine(job));
      }
    }
    return machines;
  }

  private boolean isOurs(JsonNode job) {
    return job.path("type").asText().equals("SUBMISSION") && Marks.areOf(options, marks(job));
  }

  /** A day is more than two machines' clocks lie apart. */
  private boolean isOld(JsonNode job) {
    var ended = job.path("end_time");
    return state(job) == HostState.TERMINATED
        && ended.isIntegralNumber()
        && Instant.ofEpochMilli(ended.asLong()).plus(KEPT).isBefore(clock.instant());
  }

  /** Housekeeping: where it fails, the next list tries again. */
  private boolean deleted(JsonNode job) {
    try {
      return api.delete(job.path("submission_id").asText()).isOk();
    } catch (IOException e) {
      log.debug("an old job stays on the head's list: {}", e.getMessage());
      return false;
    }
  }

  @Override
  public List<Machine> machines(String token) throws IOException {
    return machine(Marks.name(token)).stream().toList(); // no two jobs have one name
  }

  @Override
  public Optional<Machine> machine(String id) throws IOException {
    var answer = api.look(id);
    if (answer.isNoSuchJob()) {
      return Optional.empty();
    }
    if (!answer.isOk() || !answer.body().isObject()) {
      throw refusal(answer);
    }
    return isOurs(answer.body()) ? Optional.of(machine(answer.body())) : Optional.empty();
  }

  @Override
  public void terminate(Machine machine) throws IOException {
    var answer = api.stop(machine.id());
    if (!answer.isOk() && !answer.isNoSuchJob()) {
      throw refusal(answer);
    }
  }

  private Machine machine(JsonNode job) {
    return Marks.machine(
        options, job.path("submission_id").asText(), marks(job), state(job), detail(job), zone());
  }

  private static Map<String, String> marks(JsonNode job) {
    var marks = new TreeMap<String, String>();
    job.path("metadata")
        .properties()
        .forEach(mark -> marks.put(mark.getKey(), mark.getValue().asText()));
    return marks;
  }

  private static HostState state(JsonNode job) {
    return switch (job.path("status").asText()) {
      case "PENDING" -> HostState.PENDING;
      case "RUNNING" -> HostState.RUNNING;
      case "STOPPED", "SUCCEEDED", "FAILED" -> HostState.TERMINATED;
      default -> HostState.UNKNOWN;
    };
  }

  /** The first line: what follows is the agent's log. */
  private static String detail(JsonNode job) {
    var message = job.path("message").asText("").lines().findFirst().orElse("");
    return job.path("status").asText() + ": " + shortened(message);
  }

  private static String shortened(String text) {
    return text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "..." : text;
  }

  /** A {@link Refusal} if the head has decided, else anything. */
  private IOException refusal(JobsApi.Answer answer) {
    var words = shortened(lastWords(answer.text()));
    var decided =
        answer.isOk() ? Optional.of(Kind.TEMPLATE) : HeadFamily.of(answer.status(), answer.text());
    if (decided.isEmpty()) {
      return new IOException(
          "pool %s: Ray's head at %s is in trouble (%d: %s); the call is repeated"
              .formatted(options.pool(), dashboard, answer.status(), words));
    }
    return new Refusal(
        decided.get(),
        String.valueOf(answer.status()),
        "pool %s: Ray's head at %s refused a host (%d: %s); %s"
            .formatted(options.pool(), dashboard, answer.status(), words, remedy(decided.get())),
        List.of());
  }

  /** Of a traceback, which ends with its reason and a line with a full stop alone. */
  private static String lastWords(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> line.length() > 1)
        .reduce((_, last) -> last)
        .orElse("no reason");
  }

  private String remedy(Kind kind) {
    return switch (kind) {
      case THROTTLE -> "the same is asked again later";
      case PERMISSION -> "let this machine reach the dashboard without a login, and nobody else";
      case TEMPLATE ->
          "check that the pool's dashboard is the address of a Ray head, as http://head:8265";
      case STOCKOUT, QUOTA, PRICE, UNSUPPORTED, ENDED, UNKNOWN ->
          "it is asked again later, or elsewhere";
    };
  }
}
