package io.fettle.cli.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Agents of this home that nobody keeps: the supervisor died between a start and its note, or their
 * host was given up while none ran. The host's folder on their command line is their owner's mark.
 */
final class Strays {
  private static final String MAIN = "io.fettle.workers.agent.Agent";

  private Strays() {}

  static List<ProcessId> agents(Home home) throws IOException {
    var kept = kept(home);
    var mark = "--agent.state=" + home.hosts() + "/";
    return ProcessHandle.allProcesses()
        .filter(process -> !kept.contains(process.pid()) && isAgent(process, mark))
        .map(ProcessId::of)
        .toList();
  }

  private static Set<Long> kept(Home home) throws IOException {
    var kept = new HashSet<Long>();
    for (var host : PoolHost.all(home)) {
      if (host.shouldRun()) {
        ProcessFile.read(home, host.agent()).map(ProcessFile::pid).ifPresent(kept::add);
      }
    }
    return kept;
  }

  private static boolean isAgent(ProcessHandle process, String mark) {
    var words = List.of(words(process));
    return words.contains(MAIN) && words.stream().anyMatch(word -> word.startsWith(mark));
  }

  /** The handle's own arguments end at a page, which a class path alone may fill. */
  private static String[] words(ProcessHandle process) {
    try {
      var file = Path.of("/proc", Long.toString(process.pid()), "cmdline");
      return Files.readString(file, StandardCharsets.ISO_8859_1).split("\0");
    } catch (IOException gone) {
      return process.info().arguments().orElseGet(() -> new String[0]);
    }
  }
}
