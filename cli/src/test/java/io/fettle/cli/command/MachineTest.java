package io.fettle.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineTest {
  @TempDir Path home;

  @Test
  void a_bare_machine_is_told_what_it_lacks_and_how_to_get_it() {
    var found = new Machine(home, Map.of("PATH", home.toString()), Map.of()).inspect();
    assertThat(found)
        .filteredOn(each -> each.state() == Prerequisite.State.MISSING)
        .extracting(Prerequisite::name)
        .containsExactly("maven", "python3");
    assertThat(found)
        .filteredOn(each -> each.state() != Prerequisite.State.OK)
        .noneMatch(each -> each.fix().isEmpty());
  }

  @Test
  void a_tool_that_fettle_installed_is_found_before_the_path() throws IOException {
    Path uv = Files.createDirectories(home.resolve("tools/bin")).resolve("uv");
    Files.createFile(uv).toFile().setExecutable(true);
    assertThat(new Machine(home, Map.of(), Map.of()).inspect())
        .contains(Prerequisite.ok("uv", uv.toString()));
  }

  @Test
  void a_busy_port_is_noted_and_is_no_obstacle() throws IOException {
    try (var busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var found = new Machine(home, Map.of(), Map.of("temporal", busy.getLocalPort())).inspect();
      assertThat(found)
          .contains(
              Prerequisite.note(
                  "port " + busy.getLocalPort(),
                  "busy",
                  "Fettle takes another for temporal unless it is its own"));
    }
  }
}
