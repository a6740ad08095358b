package io.fettle.cli.demo;

import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.spec.SpecReading;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Site;
import io.fettle.cli.runs.Endpoint;
import io.fettle.cli.runs.Look;
import io.fettle.cli.runs.Questions;
import io.fettle.cli.runs.Records;
import io.fettle.cli.runs.RunPage;
import io.fettle.cli.runs.Runs;
import io.fettle.cli.runs.Submission;
import io.fettle.cli.view.Screen;
import io.fettle.cli.view.Watch;
import io.fettle.workflows.lineage.LeaseStory;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** From nothing to an answering endpoint, and what it shows on the way. */
public final class Demo {
  private static final String SPEC = "examples/support-triage/fettle.yaml";
  private static final Duration ADDRESS = Duration.ofSeconds(15);
  private static final double NANOS = 1e9;

  private final long began = System.nanoTime();
  private final LocalCluster cluster;
  private final Screen screen;
  private final Options options;
  private final Closing closing;

  /**
   * @param spec another one than the demo's
   * @param overrides {@code key=value} on that spec
   * @param fresh whether finished steps are done again
   * @param preempt whether the training host is lost half way
   */
  public record Options(
      Optional<Path> spec, List<String> overrides, boolean fresh, boolean preempt) {
    public Options {
      overrides = List.copyOf(overrides);
    }
  }

  /** How it went. */
  public record Outcome(ExitCode code, DemoResult result) {}

  public Demo(LocalCluster cluster, Screen screen, Options options) {
    this.cluster = cluster;
    this.screen = screen;
    this.options = options;
    this.closing = new Closing(screen);
  }

  public Outcome run() throws InterruptedException {
    var accepted = spec();
    try (var records = Records.in(cluster.store())) {
      boolean ranBefore = records.newest(accepted.runId()).isPresent();
      prepare(accepted, ranBefore);
      boolean fresh = options.fresh() || (options.preempt() && ranBefore);
      if (fresh && !options.fresh()) {
        screen.say("--preempt needs a training to interrupt, so finished steps are done again");
      }
      try (var connection = cluster.ensureUp()) {
        return run(connection.client(), records, accepted, fresh);
      }
    }
  }

  private SpecReading.Accepted spec() {
    var file = options.spec().orElseGet(() -> cluster.home().root().resolve(SPEC));
    var reading = new SpecReader(Site.current().policy()).read(file, options.overrides());
    return reading
        .accepted()
        .orElseThrow(
            () -> new CommandFailure(ExitCode.INVALID, reading.describe().stripTrailing()));
  }

  private void prepare(SpecReading.Accepted accepted, boolean ranBefore)
      throws InterruptedException {
    var names = Opening.environments(accepted.spec());
    try {
      var cost = cluster.environments((_, _, _, _, _) -> {}).cost(names);
      new Opening(cluster.home(), screen).say(accepted.spec(), cost, ranBefore);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    new Making(cluster, screen).make(names);
  }

  private Outcome run(
      WorkflowClient client, Records records, SpecReading.Accepted accepted, boolean fresh)
      throws InterruptedException {
    var runs = new Runs(client);
    var run = runs.byId(new Submission(client, cluster.store()).start(accepted, fresh));
    var ui = RunPage.of(cluster.status(), run).map(URI::toString);
    screen.say("run %s".formatted(run.id()));
    ui.ifPresent(page -> screen.say("  follow it in the Temporal UI: " + page));
    Consumer<Look> cloud = options.preempt() ? new Preemption(cluster, screen) : _ -> {};
    var ended = new Watch(runs, screen, cloud).follow(run);
    return new Outcome(ended.code(), close(client, records, run, ended, ui));
  }

  private DemoResult close(
      WorkflowClient client,
      Records records,
      Runs.Found run,
      Watch.Ended ended,
      Optional<String> ui)
      throws InterruptedException {
    var status = new Runs(client).workflow(run).status();
    var tally = tally(client, run);
    var endpoint = endpoint(client, ended);
    var answer = answer(records, run, endpoint);
    var report = ended.record().map(record -> record.report().uri().getPath());
    closing.links(report.orElse("none: the run did not end by itself"), ui.orElse("not ours"));
    double seconds = (System.nanoTime() - began) / NANOS;
    closing.times(status.phases(), seconds);
    closing.steps(tally);
    closing.running(cluster.status());
    List<LeaseStory> leases = status.leases();
    var facts = LeaseFacts.of(leases);
    return new DemoResult(
        run.id(),
        ended.record().map(record -> record.verdict()).orElse(null),
        leases.size(),
        facts.resumedFromStep(),
        facts.lostSteps(),
        tally.repeated(),
        facts.interruption(),
        seconds,
        answer.orElse(null),
        endpoint.map(each -> each.url().toString()).orElse(null),
        report.orElse(null),
        ui.orElse(null));
  }

  private static StepTally tally(WorkflowClient client, Runs.Found run) {
    var earlier =
        new Runs(client)
            .executions(run).stream()
                .filter(each -> !each.execution().equals(run.execution()))
                .filter(each -> !each.started().isAfter(run.started()))
                .map(each -> client.fetchHistory(each.id(), each.execution()).getEvents())
                .toList();
    return StepTally.of(earlier, client.fetchHistory(run.id(), run.execution()).getEvents());
  }

  /** The address appears a moment after the first alias. */
  private Optional<Endpoint> endpoint(WorkflowClient client, Watch.Ended ended)
      throws InterruptedException {
    var name = ended.record().flatMap(record -> record.endpoint());
    if (name.isEmpty()) {
      return Optional.empty();
    }
    long deadline = System.nanoTime() + ADDRESS.toNanos();
    while (cluster.endpoint(name.get()).isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(200);
    }
    return cluster.endpoint(name.get()).map(url -> Endpoint.of(client, name.get(), url));
  }

  private Optional<String> answer(Records records, Runs.Found run, Optional<Endpoint> endpoint)
      throws InterruptedException {
    var questions = records.newest(run.id()).map(record -> new Questions(records, record));
    if (questions.isEmpty() || endpoint.isEmpty()) {
      return Optional.empty();
    }
    var asked = questions.get().telling();
    return asked.isEmpty()
        ? Optional.empty()
        : Optional.of(answer(endpoint.get(), asked.get(), questions.get().maxTokens()));
  }

  private String answer(Endpoint endpoint, Questions.Recorded asked, int maxTokens)
      throws InterruptedException {
    var tuned = endpoint.ask(asked.question(), maxTokens);
    closing.sideBySide(asked, tuned);
    closing.endpoint(endpoint, asked, maxTokens);
    return tuned;
  }
}
