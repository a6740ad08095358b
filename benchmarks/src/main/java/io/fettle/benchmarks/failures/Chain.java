package io.fettle.benchmarks.failures;

import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.benchmarks.OwnHome;
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

  /** Of a supervisor, before it starts a process again that keeps dying. */
  private static final Duration SHIPPED_PAUSE = Duration.ofSeconds(30);

  private static final Duration BACK = Duration.ofMinutes(3);
  private static final Duration ANSWER = Duration.ofSeconds(30);

  private final OwnHome own;
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
  }

  /**
   * @param server keeps the objects; empty: a folder does
   */
  Chain(Path folder, Settings settings, Optional<ObjectServer> server)
      throws IOException, InterruptedException {
    storeFolder = new Home(Home.current().root(), folder).state().resolve("store");
    var variables = new HashMap<>(settings.environment());
    server.map(ObjectServer::environment).ifPresent(variables::putAll);
    variables.put("FETTLE_STORE", FaultyStores.address(storeFolder, server).toString());
    variables.put("FETTLE_LONGEST_PAUSE", settings.scaled(SHIPPED_PAUSE).toString());
    own = new OwnHome(folder, variables);
    connection = own.cluster().ensureUp();
    store = FaultyStores.sound(storeFolder, server);
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
    var reading = new SpecReader(SpecPolicy.current()).read(spec, overrides);
    var accepted =
        reading.accepted().orElseThrow(() -> new IllegalStateException(reading.describe()));
    run = new Submission(client(), own.cluster().store()).start(accepted, false);
  }

  String run() {
    return run;
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
    return own.cluster().status().processes().stream()
        .filter(each -> each.name().startsWith(victim.process()) && each.state().equals("up"))
        .map(LocalStatus.Entry::pid)
        .toList();
  }

  /** The pids of those that were started, whether or not they answer yet. */
  List<Long> started() {
    return own.cluster().status().processes().stream()
        .filter(each -> !each.state().equals("dead"))
        .map(LocalStatus.Entry::pid)
        .toList();
  }

  /**
   * {@code kill -9} and, where it comes back, until it is up again.
   *
   * @return false where none was up
   */
  boolean kill(Victim victim) throws Exception {
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

  /** Ends all that could start the run's processes again, and then those. */
  void killForGood() throws IOException, InterruptedException {
    for (var name : List.of("supervisor", "control", "agent")) {
      for (var entry : own.cluster().status().processes()) {
        if (entry.name().startsWith(name)) {
          ProcessHandle.of(entry.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
      }
    }
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
  }
}
