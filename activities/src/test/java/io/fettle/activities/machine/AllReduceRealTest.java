package io.fettle.activities.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.fettle.activities.machine.HostCheck.State;
import io.fettle.activities.programs.Environments;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The program that runs before a first step of several GPUs; here on the CPU, two processes. */
@Tag("real")
class AllReduceRealTest {
  private static final Path ROOT = Path.of(System.getProperty("fettle.root"));
  private static final Path HOME = Path.of(System.getProperty("fettle.home"));

  private final Environments environments = new Environments(Environments.Options.of(ROOT, HOME));

  @Test
  void two_processes_reduce_and_say_how_fast() throws Exception {
    var found = AllReduce.reduce(environments, 2, "gloo");
    assertThat(found.state()).as(found.found()).isEqualTo(State.OK);
    assertThat(found.found()).matches("gloo: 2 ranks, \\d+\\.\\d GB/s of bus bandwidth");
  }

  @Test
  void one_that_fails_is_missing_with_its_last_words() throws Exception {
    assumeThat(Files.exists(Path.of("/dev/nvidia0"))).isFalse();
    var found = AllReduce.reduce(environments, 2, "nccl");
    assertThat(found.state()).isEqualTo(State.MISSING);
    assertThat(found.found()).startsWith("an all-reduce over 2 GPUs failed: ");
  }
}
