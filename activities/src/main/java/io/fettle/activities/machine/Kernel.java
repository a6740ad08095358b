package io.fettle.activities.machine;

import static io.fettle.activities.machine.HostCheck.Finding.note;
import static io.fettle.activities.machine.HostCheck.Finding.ok;

import io.fettle.activities.machine.HostCheck.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The system beneath: kernel, control groups, clock. */
final class Kernel {
  private final Path root;
  private final Commands commands;

  Kernel(Path root, Commands commands) {
    this.root = root;
    this.commands = commands;
  }

  List<Finding> findings() throws IOException, InterruptedException {
    return List.of(kernel(), groups(), clock());
  }

  private Finding kernel() throws IOException {
    var release = root.resolve("proc/sys/kernel/osrelease");
    return Files.exists(release)
        ? ok("kernel", "Linux " + Files.readString(release).strip())
        : note("kernel", System.getProperty("os.name"), "GPU hosts run on Linux");
  }

  private Finding groups() throws IOException {
    var file = root.resolve("sys/fs/cgroup/cgroup.controllers");
    if (!Files.exists(file)) {
      return note(
          "cgroups",
          "not version 2",
          "an out-of-memory kill is told by the whole machine's counter; boot with"
              + " systemd.unified_cgroup_hierarchy=1 for one a trainer");
    }
    return List.of(Files.readString(file).strip().split(" ", -1)).contains("memory")
        ? ok("cgroups", "version 2, memory is counted")
        : note("cgroups", "version 2, memory is not counted", "enable the memory controller");
  }

  /** Clouds refuse what is signed at a wrong time: S3 beyond 15 minutes. */
  private Finding clock() throws InterruptedException {
    var answer = commands.answer("timedatectl", "show", "--property=NTPSynchronized", "--value");
    return switch (answer.orElse("")) {
      case "yes" -> ok("clock", "synchronized");
      case "no" ->
          note("clock", "not synchronized", "start chrony or systemd-timesyncd: stores refuse it");
      default -> note("clock", "nobody says whether it is right", "the store's check tells");
    };
  }
}
