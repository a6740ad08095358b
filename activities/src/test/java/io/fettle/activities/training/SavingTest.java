package io.fettle.activities.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.training.Lease;
import io.fettle.workflows.wire.FailureType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a host saves: how often, once more at a risk, and at a notice only what fits. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class SavingTest {
  @TempDir Path directory;
  private final FakeServer server = new FakeServer();
  private Bench bench;
  private TrainingHost host;

  @BeforeEach
  void prepare() throws Exception {
    bench = new Bench(directory, server);
    host = bench.host();
  }

  @AfterEach
  void end() throws Exception {
    host.close();
    bench.killTrainers();
  }

  @Test
  void a_host_at_risk_saves_once_more_and_goes_on() throws Exception {
    var lease = bench.open("a");
    bench.train(host, lease, bench.steps(100_000).put("every", 90_000));
    await(() -> server.beats().stream().anyMatch(beat -> beat.step() >= 2));

    host.saveSoon();

    await(() -> server.beats().stream().anyMatch(beat -> beat.checkpointStep() > 0));
    assertThat(bench.trainer(lease).orElseThrow().alive()).isTrue();
    assertThat(server.delivered()).isEmpty();
  }

  @Test
  void a_checkpoint_that_would_not_fit_the_window_is_refused_before_it_is_written()
      throws Exception {
    bench.uploadsTake(Duration.ofSeconds(3));
    var lease = longTrain();

    host.leave("the test", Duration.ofSeconds(3)); // a second of it is the margin

    assertThat(failed().type()).isEqualTo(FailureType.PREEMPTED);
    var drain = bench.note(lease, "drain");
    assertThat(drain.path("asked").asBoolean()).isFalse();
    assertThat(drain.path("upload_seconds").asDouble()).isGreaterThan(2.9);
    assertThat(bench.events(lease))
        .noneMatch(event -> event.path("event").asText().equals("stopping"));
    assertThat(bench.open("b").resumeStep())
        .isEqualTo(failed().exit().checkpointStep())
        .isPositive();
  }

  @Test
  void the_last_checkpoint_takes_the_place_of_an_older_one_on_its_way() throws Exception {
    bench.uploadsTake(Duration.ofSeconds(2));
    var lease = bench.open("a");
    bench.train(host, lease, bench.steps(100_000).put("every", 60));
    await(() -> server.beats().stream().anyMatch(beat -> beat.checkpointStep() > 0));
    await(() -> bench.folder(lease).steps().getLast() > server.beats().getLast().checkpointStep());

    host.leave("the test", Duration.ofMillis(4_400));

    assertThat(failed().exit().checkpointStep())
        .as("%s", bench.notes(lease))
        .isEqualTo(failed().exit().lastStep());
  }

  @Test
  void the_last_checkpoint_is_on_its_way_before_its_trainer_has_ended() throws Exception {
    bench.uploadsTake(Duration.ofSeconds(2));
    var lease = bench.open("a");
    var config = bench.steps(100_000).put("every", 60).put("leave_seconds", 1.5);
    bench.train(host, lease, config);
    await(() -> server.beats().stream().anyMatch(beat -> beat.checkpointStep() > 0));
    await(() -> bench.folder(lease).steps().getLast() > server.beats().getLast().checkpointStep());

    host.leave("the test", Duration.ofMillis(4_400)); // a second of it is the margin

    assertThat(failed().exit().checkpointStep())
        .as("%s", bench.notes(lease))
        .isEqualTo(failed().exit().lastStep());
  }

  @Test
  void whoever_asks_again_for_a_train_that_saves_for_a_notice_hears_how_far_it_came()
      throws Exception {
    bench.uploadsTake(Duration.ofSeconds(2));
    var lease = longTrain();
    host.leave("the test", Duration.ofSeconds(20));
    server.forgets("token-1");

    host.ensure(bench.assignment(lease, bench.steps(100_000)), Bench.bytes("token-2"));

    assertThat(failed().type()).isEqualTo(FailureType.PREEMPTED);
    assertThat(bench.open("b").resumeStep()).isEqualTo(failed().exit().lastStep()).isPositive();
  }

  @Test
  void the_interval_follows_what_saving_costs_and_what_the_run_went_through() throws Exception {
    var config = bench.steps(100_000).put("write_seconds", 0.2);
    config.putObject("checkpoint").put("min_seconds", 1).put("every_seconds", 900);
    var first = bench.open("a");
    bench.train(host, first, config);
    await(() -> Files.exists(bench.folder(first).interval()) && bench.interval(first) > 1);
    await(() -> intervals(first).size() > 1); // noted a moment after it is in force

    assertThat(bench.interval(first)).isBetween(90.0, 110.0); // sqrt(2 x 0.2 s x 6 h)
    assertThat(intervals(first)).startsWith("unmeasured", "costs");
    bench.trainer(first).orElseThrow().kill();
    var crash = failed();

    var second = bench.open("b");
    bench.train(host, second, config.put("write_seconds", 0.0).put("max_steps", 40));
    await(() -> Files.exists(bench.folder(second).interval()));
    assertThat(bench.interval(second))
        .as("one interruption seen: twice the hazard, and the first lease's costs")
        .isBetween(60.0, 80.0);
    await(() -> !server.delivered().orElseThrow().equals(crash));
    var result = server.delivered().orElseThrow().checkpoint().orElseThrow();
    assertThat(bench.adapterOf(result)).startsWith("weights of step 40");
  }

  /** What bound each interval that was noted. */
  private List<String> intervals(Lease lease) throws Exception {
    return bench.notes(lease).stream()
        .filter(note -> note.path("event").asText().equals("interval"))
        .map(note -> note.path("bound").asText())
        .toList();
  }

  private Lease longTrain() throws Exception {
    var lease = bench.open("a");
    bench.train(host, lease, bench.steps(100_000));
    await(() -> server.beats().stream().anyMatch(beat -> beat.checkpointStep() >= 4));
    return lease;
  }

  private Outcome failed() throws Exception {
    await(() -> server.delivered().isPresent());
    return server.delivered().orElseThrow();
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    while (!condition.holds()) {
      Thread.sleep(20);
    }
  }
}
