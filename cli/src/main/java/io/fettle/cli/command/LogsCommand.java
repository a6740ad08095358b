package io.fettle.cli.command;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.Home;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "logs",
    description = {
      "Names the logs of the local processes, trainers and engines, or shows the end of one.",
      "Needs nothing to run."
    },
    mixinStandardHelpOptions = true)
public final class LogsCommand implements Callable<Integer> {
  /** hosts/{host}/work/{lease}/stderr.log, engines/{key}/{attempt}/stderr.log */
  private static final int DEPTH = 6;

  private static final long LOOK_MILLIS = 500;

  @Mixin private Output output;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "NAME",
      description = "A log's name or a part of it, or a run's id; without one, all are named.")
  private @Nullable String name;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "40",
      description = "How many of its last lines (default: ${DEFAULT-VALUE}).")
  private int lines;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on as it grows, until Ctrl-C.")
  private boolean follow;

  record Result(SortedMap<String, Path> logs) {}

  @Override
  public Integer call() throws InterruptedException {
    var all = logs(Home.current().state());
    var fitting = fitting(all, name == null ? "" : name);
    if (fitting.isEmpty()) {
      throw new CommandFailure(
          ExitCode.INVALID,
          all.isEmpty()
              ? "there is no log yet; `fettle up` starts what writes them"
              : "no log fits %s; `fettle logs` names them".formatted(name));
    }
    if (name != null && fitting.size() == 1) {
      show(fitting.firstEntry().getValue());
    } else {
      fitting.forEach((each, path) -> output.say(each + "  " + path));
    }
    output.result(new Result(fitting));
    return ExitCode.DONE.code();
  }

  /** Every log below the state folder by its name: its path without {@code .log}. */
  static SortedMap<String, Path> logs(Path state) {
    var found = new TreeMap<String, Path>();
    for (var part : List.of("logs", "hosts", "engines", "work")) {
      var folder = state.resolve(part);
      if (Files.isDirectory(folder)) {
        collect(state, folder, found);
      }
    }
    return found;
  }

  private static void collect(Path state, Path folder, SortedMap<String, Path> found) {
    try (var files = Files.walk(folder, DEPTH)) {
      files
          .filter(file -> file.toString().endsWith(".log"))
          .forEach(file -> found.put(nameOf(state, file), file));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + folder, e);
    }
  }

  private static String nameOf(Path state, Path log) {
    var path = state.relativize(log).toString();
    return path.substring(0, path.length() - ".log".length()).replaceFirst("^logs/", "");
  }

  /** A whole name wins over a part of one. */
  static NavigableMap<String, Path> fitting(SortedMap<String, Path> all, String part) {
    var fitting = new TreeMap<>(all);
    fitting.keySet().removeIf(each -> !each.contains(part));
    if (fitting.containsKey(part)) {
      fitting.keySet().retainAll(List.of(part));
    }
    return fitting;
  }

  private void show(Path log) throws InterruptedException {
    try {
      var text = Files.readString(log, StandardCharsets.ISO_8859_1).lines().toList();
      text.subList(Math.max(0, text.size() - lines), text.size()).forEach(output::say);
      if (follow) {
        follow(log, Files.size(log));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + log, e);
    }
  }

  private void follow(Path log, long shown) throws IOException, InterruptedException {
    try (var file = Files.newByteChannel(log)) {
      file.position(shown);
      var more = ByteBuffer.allocate(1 << 16);
      while (true) {
        if (file.read(more) > 0) {
          var text = new String(more.array(), 0, more.position(), StandardCharsets.ISO_8859_1);
          output.say(text.stripTrailing());
          more.clear();
        }
        Thread.sleep(LOOK_MILLIS);
      }
    }
  }
}
