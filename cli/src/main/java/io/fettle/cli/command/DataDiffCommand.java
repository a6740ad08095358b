package io.fettle.cli.command;

import io.fettle.cli.ExitCode;
import io.fettle.cli.view.ProgressBar;
import io.fettle.data.diff.DatasetDiff;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "diff",
    description = {
      "Says what separates two datasets: rows, parts, answers, sources, and what made them.",
      "Rows are matched by their messages, not by their ids."
    },
    mixinStandardHelpOptions = true)
final class DataDiffCommand implements Callable<Integer> {
  private static final String WHAT = "A dataset's folder, its .dvc file, or a run.";

  @Mixin private Output output;

  @Parameters(index = "0", paramLabel = "A", description = WHAT)
  private String before;

  @Parameters(index = "1", paramLabel = "B", description = WHAT)
  private String after;

  @Override
  public Integer call() {
    try (var a = DataPlace.of(before);
        var b = DataPlace.of(after)) {
      var first = a.required();
      var second = b.required();
      new ProgressBar(System.err).at("comparing", 0, 0);
      var diff = DatasetDiff.of(first, second);
      diff.text().lines().forEach(output::say);
      if (diff.isSameRows()) {
        output.say("both hold the same rows in the same parts");
      }
      output.result(diff);
    } catch (IOException e) {
      throw DataPlace.failure(e);
    }
    return ExitCode.DONE.code();
  }
}
