package io.fettle.activities.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.training.Stop.Cause;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StandingStopTest {
  private static final Duration NOTICE = Duration.ofMinutes(2);

  @TempDir Path home;

  @Test
  void a_notice_counts_though_the_disk_is_full_and_is_written_once_it_is_asked_for_again()
      throws IOException {
    var path = home.resolve("run-1");
    var folder = new WorkFolder(Files.createDirectory(path));
    var stops = new StandingStop(folder);
    Files.delete(path);
    Files.createFile(path); // nothing can be written into it

    assertThatThrownBy(() -> stops.ask(Cause.NOTICE, "spot", NOTICE))
        .isInstanceOf(IOException.class);
    assertThat(stops.stop()).map(Stop::cause).contains(Cause.NOTICE);
    assertThat(stops.left()).isPositive();

    Files.delete(path);
    Files.createDirectory(path);
    assertThat(stops.ask(Cause.NOTICE, "spot", NOTICE)).as("as it was").isEmpty();
    assertThat(new StandingStop(folder).stop()).map(Stop::reason).contains("spot");
  }
}
