package io.fettle.cli.command;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.runs.Records;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = {
      "Copies a run's models into a folder, as ordinary Hugging Face folders.",
      "They are adapter/, merged/ and, where the run quantized, quantized/. Every file is checked",
      "against its hash."
    },
    mixinStandardHelpOptions = true)
public final class ExportCommand implements Callable<Integer> {
  @Mixin private RunArgument run;

  @Parameters(index = "1", paramLabel = "DIR", description = "The folder; made, or empty.")
  private Path folder;

  @Mixin private Output output;

  record Result(String run, Map<String, Path> folders, long bytes) {}

  @Override
  public Integer call() throws InterruptedException {
    return run.run(
        (cluster, _, found) -> {
          refuseFull(folder);
          try (var records = Records.in(cluster.store())) {
            copy(cluster, records, records.required(found.id()));
          }
          return ExitCode.DONE.code();
        });
  }

  private void copy(LocalCluster cluster, Records records, Records.Kept record) {
    var trees = trees(record);
    if (trees.isEmpty()) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "%s ended before it had trained anything: %s"
              .formatted(record.story().run(), record.story().why()));
    }
    var cache = cluster.home().state().resolve("work").resolve("cache");
    var written = new LinkedHashMap<String, Path>();
    long bytes = 0;
    for (var tree : trees.entrySet()) {
      var target = folder.resolve(tree.getKey());
      long size = records.copy(tree.getValue(), cache, target);
      output.say(
          String.format(Locale.ROOT, "%-10s %8.1f MB  %s", tree.getKey(), size / 1e6, target));
      written.put(tree.getKey(), target);
      bytes += size;
    }
    output.result(new Result(record.story().run(), written, bytes));
  }

  /** Folder name to tree; what was not quantized is no third folder. */
  static Map<String, Reference> trees(Records.Kept record) {
    var trees = new LinkedHashMap<String, Reference>();
    record.document("adapter").ifPresent(tree -> trees.put("adapter", tree));
    record.document("merged").ifPresent(tree -> trees.put("merged", tree));
    record
        .document("artifact")
        .filter(tree -> !tree.equals(trees.get("merged")))
        .ifPresent(tree -> trees.put("quantized", tree));
    return trees;
  }

  private static void refuseFull(Path folder) {
    try {
      if (Files.exists(folder) && !isEmpty(folder)) {
        throw new CommandFailure(
            ExitCode.INVALID, folder + " is not empty and is left as it is; name another folder");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isEmpty(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (var entries = Files.list(folder)) {
      return entries.findAny().isEmpty();
    }
  }
}
