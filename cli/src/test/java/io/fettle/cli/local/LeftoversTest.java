package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.cli.local.Leftovers.Leftover;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoversTest {
  private static final Duration GRACE = Duration.ofHours(24);

  @TempDir Path directory;
  private Home home;

  @BeforeEach
  void prepare() throws IOException {
    home = new Home(directory, directory.resolve("home"));
    file("tools/app/old/lib/fettle.jar", 100);
    file("state/hosts/local-1/work/triage-1a2b3c4d-000001/stderr.log", 10);
    file("state/hosts/local-1/staged/abc/model.safetensors", 50);
    file("state/hosts/local-1/cache/sha256/ab/abcd", 50);
    file("state/work/cache/sha256/cd/cdef", 7);
    file("state/hosts/local-1/claim.json", 1);
    file("state/store/objects/sha256/ab/abcd", 1);
  }

  @Test
  void what_is_of_no_more_use_is_found_by_kind() throws Exception {
    age();

    assertThat(Leftovers.find(home, Set.of(), GRACE))
        .extracting(each -> each.kind() + " " + each.bytes())
        .containsExactlyInAnyOrder(
            "old builds 100",
            "work of finished leases 10",
            "staged inputs 50",
            "cached inputs 50",
            "cached inputs 7");
  }

  @Test
  void an_open_run_keeps_its_work_and_every_staged_input() throws Exception {
    file("state/hosts/local-1/work/other-99999999-000002/stderr.log", 5);
    file("state/hosts/local-1/work/triage-1a2b3c4d.curve-25-000001/stderr.log", 5);
    age();

    assertThat(Leftovers.find(home, Set.of("triage-1a2b3c4d"), GRACE))
        .extracting(Leftover::kind)
        .containsExactlyInAnyOrder("old builds", "work of finished leases");
  }

  @Test
  void nothing_young_is_found() throws Exception {
    age();
    file("tools/app/old/lib/another.jar", 1);
    file("state/hosts/local-1/work/triage-1a2b3c4d-000001/events.jsonl", 1);

    assertThat(Leftovers.find(home, Set.of("triage-1a2b3c4d"), GRACE)).isEmpty();
  }

  @Test
  void a_build_that_a_process_runs_from_stays() throws Exception {
    age();
    var process =
        new ProcessBuilder(
                "/bin/sh", "-c", "sleep 60 # -cp " + home.tools().resolve("app/old/lib/*"))
            .start();
    try {
      assertThat(Leftovers.find(home, Set.of(), GRACE))
          .extracting(Leftover::kind)
          .doesNotContain("old builds");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void tools_that_homes_share_are_left_alone() throws Exception {
    age();
    var shared = Files.move(home.tools(), directory.resolve("shared"));
    Files.createSymbolicLink(home.tools(), shared);

    assertThat(Leftovers.find(home, Set.of(), GRACE))
        .extracting(Leftover::kind)
        .doesNotContain("old builds");
  }

  @Test
  void the_control_build_to_fall_back_on_stays() throws Exception {
    file("state/control-build.json", 0);
    Files.writeString(
        home.state().resolve("control-build.json"),
        "{\"app\":\"a\",\"classPath\":\"%s\"}".formatted(home.tools().resolve("app/old/lib/*")));
    age();

    assertThat(Leftovers.find(home, Set.of(), GRACE))
        .extracting(Leftover::kind)
        .doesNotContain("old builds");
  }

  private void file(String path, int bytes) throws IOException {
    var file = home.path().resolve(path);
    Files.createDirectories(file.getParent());
    Files.write(file, new byte[bytes]);
  }

  private void age() throws IOException {
    var then = FileTime.from(Instant.now().minus(GRACE.multipliedBy(2)));
    try (var files = Files.walk(home.path())) {
      for (var file : files.toList()) {
        Files.setLastModifiedTime(file, then);
      }
    }
  }
}
