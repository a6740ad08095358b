package io.fettle.workers.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.disks.LocalDisks;
import io.fettle.workers.settings.FettleSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class HostFolderTest {
  @TempDir Path root;
  private Path mount;

  @BeforeEach
  void machine() throws IOException {
    mount = Files.createDirectories(root.resolve("nvme"));
    var device = Files.createDirectories(root.resolve("sys/devices/nvme1n1/device"));
    Files.writeString(device.resolve("model"), "Amazon EC2 NVMe Instance Storage\n");
    var numbers = Files.createDirectories(root.resolve("sys/dev/block"));
    Files.createSymbolicLink(numbers.resolve("259:1"), device.getParent());
    Files.createDirectories(root.resolve("proc/self"));
  }

  private void mounted() throws IOException {
    Files.writeString(
        root.resolve("proc/self/mountinfo"),
        "90 22 259:1 / %s rw - xfs /dev/x rw".formatted(mount));
  }

  private Path folder(@Nullable String state) throws IOException {
    var map =
        state == null
            ? Map.of("agent.host", "h-1", "agent.shape", "g5")
            : Map.of("agent.host", "h-1", "agent.shape", "g5", "agent.state", state);
    var agent = bound("agent", map, AgentSettings.class);
    var settings =
        bound(
            "fettle", Map.of("fettle.home", root.resolve("home").toString()), FettleSettings.class);
    return HostFolder.of(agent, settings, new LocalDisks(root)).path();
  }

  private static <T> T bound(String prefix, Map<String, String> map, Class<T> type) {
    return new Binder(new MapConfigurationPropertySource(map)).bindOrCreate(prefix, type);
  }

  @Test
  void a_host_works_on_its_own_nvme() throws IOException {
    mounted();

    assertThat(folder(null)).isEqualTo(mount.resolve("fettle/hosts/h-1"));
  }

  @Test
  void without_one_it_works_where_all_else_is() throws IOException {
    assertThat(folder(null)).isEqualTo(root.resolve("home/state/hosts/h-1"));
  }

  @Test
  void a_host_that_worked_elsewhere_goes_on_there() throws IOException {
    mounted();
    var before = Files.createDirectories(root.resolve("home/state/hosts/h-1"));

    assertThat(folder(null)).isEqualTo(before);
  }

  @Test
  void what_is_named_counts_more() throws IOException {
    mounted();

    assertThat(folder("/there")).isEqualTo(Path.of("/there"));
  }
}
