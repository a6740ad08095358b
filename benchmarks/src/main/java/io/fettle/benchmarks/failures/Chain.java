package io.fettle.benchmarks.failures;

import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.benchmarks.OwnHome;
import io.fettle.benchmarks.capacity.RunningEc2;
import io.fettle.benchmarks.failures.Faults.Put;
import io.fettle.benchmarks.servers.ObjectServer;
import io.fettle.cli.local.Home;
import io.fettle.cli.local.LocalStatus;
import io.fettle.cli.runs.Submission;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.spec.SpecPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkflowExecutionHistory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One run of the whole chain, rows to endpoint, over the tiny model: in a home of its own, whose
 * processes can be killed one by one and whose store keeps a journal.
 */
final class Chain implements AutoCloseable {
  private static final String SPEC = "examples/tiny/fettle.yaml";
  private static final String LOCAL_ROWS = "examples/support-triage/tickets.jsonl";
  private static final String ROWS = "rows/tickets.jsonl";

  /** Fewer rows and words than the example's: what counts here is the number of steps. */
  private static final List<String> OVERRIDES =
      List.of("data.dev_rows=4", "data.test_rows=4", "evaluate.max_tokens=8");

  /** Hosts are spot however often it takes them; an endpoint would keep one. */
  private static final List<String> ON_EC2 =
      List.of(
          "capacity={pools: [aws], shape: cpu, market: spot, budget_dollars: 50}",
          "deploy={enabled: false, engine: transformers, max_model_len: 512}");

  /** Of a supervisor, before it starts a process again that keeps dying. */
  private static final Duration SHIPPED_PAUSE = Duration.ofSeconds(30);

  private static final Duration BACK = Duration.ofMinutes(3);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final OwnHome own;
  private final Optional<RunningEc2> ec2;
  private final TemporalConnection connection;
  private final Path storeFolder;
  private final ObjectStore store;
  private String run = "";
  private boolean isClosed;

  /**
   * Where a run went: what every undisturbed run of the spec answers too.
   *
   * @param trained leases under which an optimizer step was done. An agent that dies between taking
   *     a train and writing it down has never heard of it; only another lease is safe then, and it
   *     costs no step
   */
  record Branch(RunOutcome outcome, String verdict, long trained) {
    static Branch of(RunRecord record) {
      var trained = record.leases().stream().filter(Chain::hasTrained).count();
      return new Branch(record.outcome(), record.verdict(), trained);
    }

    /** Whatever its hosts did meanwhile. */
    boolean endsLike(Branch other) {
      return outcome == other.outcome && verdict.equals(other.verdict);
    }
  }

  Chain(Path folder, Settings settings, Ground ground) throws IOException, InterruptedException {
    storeFolder = new Home(Home.current().root(), folder).state().resolve("store");
    var variables = new HashMap<>(settings.environment());
    ground.store().map(ObjectServer::environment).ifPresent(variables::putAll);
    variables.putAll(Launching.variables(ground));
    variables.put("FETTLE_STORE", FaultyStores.address(storeFolder, ground.store()).toString());
    variables.put("FETTLE_LONGEST_PAUSE", settings.scaled(SHIPPED_PAUSE).toString());
    own = new OwnHome(folder, variables);
    ec2 = Launching.in(ground, own, folder);
    connection = own.cluster().ensureUp();
    var server = connection.options().address();
    ec2.ifPresent(account -> account.boot(Launching.agents(variables, server)));
    store = FaultyStores.sound(storeFolder, ground.store());
  }

  /**
   * Submits the run.
   *
   * @param model the tiny model's folder
   */
  void start(Path model) throws IOException {
    var root = own.cluster().home().root();
    var spec = root.resolve(SPEC);
    var overrides = new ArrayList<>(OVERRIDES);
    overrides.add("model.path=" + model);
    if (!store.root().getScheme().equals("file")) { // then the rows come from the server too
      store.upload(ROWS, root.resolve(LOCAL_ROWS));
      overrides.add("data.train=" + store.uri(ROWS));
    }
    if (ec2.isPresent()) {
      overrides.addAll(ON_EC2);
    }
    var reading = new SpecReader(policy()).read(spec, overrides);
    var accepted =
        reading.accepted().orElseThrow(() -> new IllegalStateException(reading.describe()));
    run = new Submission(client(), own.cluster().store()).start(accepted, false);
  }

  private SpecPolicy policy() {
    var file = own.cluster().home().path().resolve("pools.yaml").toString();
    var policy = SpecPolicy.current();
    return ec2.isEmpty() ? policy : policy.withPools(List.of(RunningEc2.POOL), file);
  }

  String run() {
    return run;
  }

  /** Launched hosts that cost money now. */
  List<String> paidFor() {
    return ec2.map(RunningEc2::living).orElse(List.of());
  }

  /** Those of them that are left two minutes after the run's end. */
  int orphans() throws Exception {
    Waits.until(Rig.AFTERWARDS, () -> paidFor().isEmpty());
    return paidFor().size();
  }

  /** Launched hosts in all. */
  int launched() {
    return ec2.map(RunningEc2::started).orElse(0);
  }

  WorkflowClient client() {
    return connection.client();
  }

  ObjectStore store() {
    return store;
  }

  private static boolean hasTrained(LeaseStory lease) {
    return lease.toStep() > lease.fromStep();
  }

  /** How it ended; the run must have. */
  RunRecord record() throws Exception {
    return client()
        .newUntypedWorkflowStub(run)
        .getResult(ANSWER.toSeconds(), TimeUnit.SECONDS, RunRecord.class);
  }

  WorkflowExecutionHistory history() {
    return client().fetchHistory(run);
  }

  /** The run's, and its deployments' where there are any. */
  List<WorkflowExecutionHistory> histories() {
    return client()
        .listExecutions("")
        .map(each -> each.getExecution())
        .map(each -> client().fetchHistory(each.getWorkflowId(), each.getRunId()))
        .toList();
  }

  /** Every put of its processes, in order. */
  List<Put> puts() throws IOException {
    var journal = Faults.journalOf(FaultyStores.faults(storeFolder));
    return Files.exists(journal)
        ? Files.readAllLines(journal).stream().map(Put::parse).toList()
        : List.of();
  }

  /** Has that process end right after it put a key that fits. */
  void haltAfter(long pid, String pattern) throws IOException {
    new Faults(FaultyStores.faults(storeFolder), pid).set(Faults.State.haltingAfter(pattern));
  }

  /** The pids of those that are up: a server, a control worker, an agent a host. */
  List<Long> pids(Victim victim) {
    if (victim == Victim.AGENT && ec2.isPresent()) {
      return ec2.get().agents();
    }
    return own.cluster().status().processes().stream()
        .filter(each -> each.name().startsWith(victim.process()) && each.state().equals("up"))
        .map(LocalStatus.Entry::pid)
        .toList();
  }

  /** The pids of those that were started, whether or not they answer yet. */
  List<Long> started() {
    var home = own.cluster().status().processes().stream();
    return Stream.concat(
            home.filter(each -> !each.state().equals("dead")).map(LocalStatus.Entry::pid),
            ec2.stream().flatMap(account -> account.agents().stream()))
        .toList();
  }

  /**
   * {@code kill -9} and, where it comes back, until it is up again.
   *
   * @return false where none was up
   */
  boolean kill(Victim victim) throws Exception {
    if (victim == Victim.HOST) {
      return takeHost();
    }
    var pid = pids(victim).stream().findFirst();
    pid.flatMap(ProcessHandle::of).ifPresent(ProcessHandle::destroyForcibly);
    if (pid.isEmpty()) {
      return false;
    }
    Waits.until(
        victim == Victim.AGENT ? BACK.dividedBy(6) : BACK, // a host given back stays away
        () ->
            Optional.of(pids(victim))
                .filter(up -> !up.isEmpty() && !up.contains(pid.get()))
                .isPresent());
    return true;
  }

  private boolean takeHost() throws IOException {
    var host = paidFor().stream().findFirst();
    if (host.isPresent()) {
      ec2.orElseThrow().interrupt(host.get());
    }
    return host.isPresent();
  }

  /** Ends all that could start the run's processes again, and then those. */
  void killForGood() throws IOException, InterruptedException {
    for (var name : List.of("supervisor", "control", "agent")) {
      for (var entry : own.cluster().status().processes()) {
        if (entry.name().startsWith(name)) {
          ProcessHandle.of(entry.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
      }
    }
    ec2.ifPresent(account -> account.living().forEach(account::hang));
  }

  /** Closes once, however often it is asked. */
  @Override
  public void close() throws IOException {
    if (isClosed) {
      return;
    }
    isClosed = true;
    connection.close();
    store.close();
    own.close();
    ec2.ifPresent(RunningEc2::close);
  }
}
