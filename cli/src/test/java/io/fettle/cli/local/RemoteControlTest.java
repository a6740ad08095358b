package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.spec.SpecReader;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.spec.SpecPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

  @Test
  void what_workers_elsewhere_cannot_read_is_refused_all_at_once() throws IOException {
    Files.writeString(home.resolve("rows.jsonl"), "{}\n");
    Files.writeString(home.resolve("test.jsonl"), "{}\n");
    Files.writeString(Files.createDirectory(home.resolve("model")).resolve("config.json"), "{}");
    var near =
        spec(
            """
            model: {source: path, path: model}
            data:
              train: [rows.jsonl, s3://team/rows/]
              test: test.jsonl
              benchmarks: [{file: gs://team/items.jsonl}]
            """);

    assertThatThrownBy(() -> elsewhere("s3://team/fettle", "").checkPlaces(near))
        .isInstanceOfSatisfying(
            CommandFailure.class,
            failure -> assertThat(failure.exitCode()).isEqualTo(ExitCode.INVALID))
        .hasMessageContaining("data.train: " + home.resolve("rows.jsonl"))
        .hasMessageContaining("data.test: " + home.resolve("test.jsonl"))
        .hasMessageContaining("model.path: " + home.resolve("model"))
        .hasMessageNotContaining("team/");
    elsewhere(home.toUri().toString(), "").checkPlaces(near); // a folder that both share
    elsewhere("s3://team/fettle", "/mnt/team:" + home).checkPlaces(near);
    new LocalCluster(new Home(home, home), Map.of(), Progress.silent()).checkPlaces(near);
    elsewhere("s3://team/fettle", "")
        .checkPlaces(
            spec(
                """
                model: {source: path, path: s3://team/model/}
                data: {train: [s3://team/rows/]}
                """));
  }

  private LocalCluster elsewhere(String store, String shared) {
    var named = Map.of("FETTLE_CONTROL", "remote", "FETTLE_STORE", store, "FETTLE_SHARED", shared);
    return new LocalCluster(new Home(home, home), named, Progress.silent());
  }

  private Spec spec(String text) throws IOException {
    var file = Files.writeString(home.resolve("a.yaml"), "apiVersion: fettle/v1\nname: a\n" + text);
    var reading = new SpecReader(SpecPolicy.current()).read(file, List.of());
    return reading.accepted().orElseThrow(() -> new AssertionError(reading.describe())).spec();
  }
}
