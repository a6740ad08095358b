package io.fettle.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunsTest {
  private final List<Runs.Found> runs =
      List.of(
          run("triage-0a11aaaa", "triage", 40),
          run("triage-0b22bbbb", "triage", 30),
          run("bank-0c33cccc", "bank", 20));

  @Test
  void an_id_a_unique_prefix_or_a_name_finds_a_run_and_a_name_means_the_newest() {
    assertThat(Runs.choose(runs, "triage-0b22bbbb")).contains(runs.get(1));
    assertThat(Runs.choose(runs, "triage-0b")).contains(runs.get(1));
    assertThat(Runs.choose(runs, "triage")).contains(runs.get(0));
    assertThat(Runs.choose(runs, "ba")).contains(runs.get(2));
    assertThat(Runs.choose(runs, "nobody")).isEmpty();
  }

  @Test
  void a_prefix_of_several_runs_is_refused_with_their_ids() {
    assertThatThrownBy(() -> Runs.choose(runs, "tri"))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.INVALID))
        .hasMessageContaining("triage-0a11aaaa")
        .hasMessageContaining("triage-0b22bbbb");
  }

  @Test
  void what_an_activity_says_is_shown_with_its_counts() {
    assertThat(
            Runs.activity(
                "answer", "{\"done\":12,\"total\":150,\"phase\":\"asking\",\"unit\":\"items\"}"))
        .isEqualTo("answer  asking 12/150 items");
    assertThat(Runs.activity("prepare", "{\"done\":0,\"phase\":\"start\",\"unit\":\"rows\"}"))
        .isEqualTo("prepare  start");
    assertThat(Runs.activity("loadengine", "\"engine 5d starts\""))
        .isEqualTo("loadengine  engine 5d starts");
  }

  private static Runs.Found run(String id, String name, long started) {
    return new Runs.Found(
        id, "execution", "completed", Instant.ofEpochSecond(started), name, "record", "", "", "");
  }
}
