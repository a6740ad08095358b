package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RemoteControlTest {
  @TempDir Path home;

  @Test
  void control_workers_are_of_this_machine_unless_it_is_said() {
    assertThat(RemoteControl.isNamed(Map.of())).isFalse();
    assertThat(RemoteControl.isNamed(Map.of("FETTLE_CONTROL", "local"))).isFalse();
    assertThat(RemoteControl.isNamed(Map.of("FETTLE_CONTROL", "remote"))).isTrue();
    assertThatThrownBy(() -> RemoteControl.isNamed(Map.of("FETTLE_CONTROL", "away")))
        .hasMessageContaining("FETTLE_CONTROL is away; write remote");
  }

  @Test
  void a_control_plane_elsewhere_has_a_server_that_is_named() {
    var cluster =
        new LocalCluster(
            new Home(home, home), Map.of("FETTLE_CONTROL", "remote"), Progress.silent());
    assertThatThrownBy(cluster::ensureUp)
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.INVALID))
        .hasMessageContaining("FETTLE_TEMPORAL_ADDRESS");
    assertThat(home).isEmptyDirectory();
  }

  @Test
  void a_control_plane_elsewhere_has_a_store_that_both_reach() {
    var named = Map.of("FETTLE_CONTROL", "remote", "FETTLE_TEMPORAL_ADDRESS", "127.0.0.1:1");
    var cluster = new LocalCluster(new Home(home, home), named, Progress.silent());
    assertThatThrownBy(cluster::ensureUp)
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.INVALID))
        .hasMessageContaining("FETTLE_STORE");
    assertThat(home).isEmptyDirectory();
  }
}
