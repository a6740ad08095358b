package io.fettle.cli.command;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "report",
    description = {
      "Fetches the page that shows how a run's dataset was made: what each stage dropped and why,",
      "lengths, clusters, conflicts, swapped rows, and rows as the model sees them. It holds rows."
    },
    mixinStandardHelpOptions = true)
final class DataReportCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "A run's id, a prefix of it, its name.")
  private String run;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      defaultValue = "data-report.html",
      description = "Where to write it (default: data-report.html).")
  private Path out;

  @Option(names = "--open", description = "Open it in a browser, if there is one.")
  private boolean open;

  record Result(String report) {}

  @Override
  public Integer call() {
    try (var place = DataPlace.of(run)) {
      Path page =
          place
              .scratch()
              .map(scratch -> scratch.resolve("dataset/report.html"))
              .filter(Files::exists)
              .orElseThrow(
                  () ->
                      new CommandFailure(
                          ExitCode.INVALID,
                          "%s has no such page; runs prepared before this version have none"
                              .formatted(run)));
      Files.copy(page, out, StandardCopyOption.REPLACE_EXISTING);
      output.say(out.toString());
      if (open && !Browser.show(out.toAbsolutePath().toUri())) {
        output.say("no browser was found; open it yourself");
      }
      output.result(new Result(out.toString()));
    } catch (IOException e) {
      throw DataPlace.failure(e);
    }
    return ExitCode.DONE.code();
  }
}
