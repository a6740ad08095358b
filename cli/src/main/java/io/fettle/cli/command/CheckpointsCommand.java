package io.fettle.cli.command;

import io.fettle.activities.training.Checkpoints;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.runs.Runs;
import java.io.IOException;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fettle checkpoints}: what is published of a run, and what would be chosen. */
@Command(
    name = "checkpoints",
    description = {
      "Lists a run's published checkpoints: which one is gone on from, which is the best, and why not",
      "the others."
    },
    mixinStandardHelpOptions = true)
public final class CheckpointsCommand implements Callable<Integer> {
  private static final DateTimeFormatter PUBLISHED =
      DateTimeFormatter.ofPattern("MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
  private static final String COLUMNS = "%5s %8s  %-14s %10s %8s %8s %8s  %-8s %s";

  @Mixin private RunArgument run;
  @Mixin private Output output;

  @Option(
      names = "--verify",
      description = "Read and hash every byte of every checkpoint, instead of their sizes alone.")
  private boolean verify;

  record Result(String run, List<Checkpoints.Row> checkpoints) {}

  @Override
  public Integer call() throws InterruptedException {
    return run.run(this::list);
  }

  private int list(LocalCluster cluster, Runs runs, Runs.Found found) {
    var rows = read(cluster, found.id()).rows();
    if (rows.isEmpty()) {
      output.say(
          "%s has published no checkpoint; `fettle show %s` says how far it is"
              .formatted(found.id(), found.id()));
    } else {
      table(found.id(), rows).forEach(output::say);
    }
    output.result(new Result(found.id(), rows));
    return ExitCode.DONE.code();
  }

  private Checkpoints read(LocalCluster cluster, String id) {
    try (var store = cluster.store().open()) {
      return Checkpoints.of(store, id, verify);
    } catch (IOException away) {
      throw cluster.store().away(away);
    }
  }

  static List<String> table(String id, List<Checkpoints.Row> rows) {
    var lines = new ArrayList<String>();
    lines.add(id);
    lines.add(
        COLUMNS.formatted(
            "lease", "step", "published", "size", "write", "upload", "dev loss", "verified", ""));
    rows.forEach(row -> lines.add(line(row)));
    return lines;
  }

  private static String line(Checkpoints.Row row) {
    return COLUMNS
        .formatted(
            row.lease(),
            row.step(),
            PUBLISHED.format(row.published()),
            shown(row.bytes(), Sizes::of),
            shown(row.writeSeconds(), CheckpointsCommand::seconds),
            shown(row.uploadSeconds(), CheckpointsCommand::seconds),
            shown(row.devLoss(), loss -> String.format(Locale.ROOT, "%.4f", loss)),
            row.verified().name().toLowerCase(Locale.ROOT),
            (row.resumePoint() ? "-> " : "   ") + row.why())
        .stripTrailing();
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.2f s", seconds);
  }

  private static <T> String shown(@Nullable T value, Function<T, String> format) {
    return Optional.ofNullable(value).map(format).orElse("-");
  }
}
