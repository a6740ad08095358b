package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A dataset for which a host has no room, with real agents and real trainers. */
@Tag("real")
@Timeout(1_200)
class TrainingStreamRealTest {
  @TempDir private static Path folder;
  private static TrainingBench bench;

  @BeforeAll
  static void up() throws Exception {
    bench = new TrainingBench(folder, Map.of("AGENT_STREAMABOVE", "0"));
  }

  @AfterAll
  static void down() throws Exception {
    bench.close();
  }

  @Test
  void its_shards_come_while_the_trainer_runs_also_after_kills_of_the_agent_and_the_trainer()
      throws Exception {
    var dataset = bench.shards("streamed");
    var run = bench.start("streamed", dataset);
    run.awaitCheckpoint();

    bench.kill("agent-" + run.host(1));
    run.trainer(1).kill();

    assertThat(run.result().step()).isEqualTo(TrainingBench.STEPS);
    assertThat(run.leases()).hasSizeGreaterThan(1);
    assertThat(run.leases().getLast().resumeFrom()).isNotNull();
    for (int lease = 1; lease <= run.leases().size(); lease++) {
      isStreamed(run.work(lease));
    }
    var staged =
        bench.home().hosts().resolve(run.host(1)).resolve("staged").resolve(dataset.shortHash());
    assertThat(staged.resolve("train")).isDirectoryNotContaining("glob:**.jsonl");
    assertThat(staged.resolve("train/index.json")).exists();
  }

  private static void isStreamed(Path work) throws IOException {
    var config = Wire.mapper().readTree(Files.readAllBytes(work.resolve("run.json")));
    assertThat(config.path("streamed").asText()).startsWith(work.toString());
  }
}
