package io.fettle.cli.command;

import io.fettle.cli.ExitCode;
import io.fettle.cli.runs.Records;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "report",
    description = "Says where a run's report is: one HTML page that needs no network.",
    mixinStandardHelpOptions = true)
public final class ReportCommand implements Callable<Integer> {
  @Mixin private RunArgument run;
  @Mixin private Output output;

  @Option(names = "--open", description = "Open it in a browser, if there is one.")
  private boolean open;

  record Result(String run, String execution, String report) {}

  @Override
  public Integer call() throws InterruptedException {
    return run.run(
        (cluster, _, found) -> {
          try (var records = Records.in(cluster.store())) {
            var record = records.required(found.id());
            var page = records.report(record);
            var shown = "file".equals(page.getScheme()) ? page.getPath() : page.toString();
            output.say(shown);
            if (open && !Browser.show(page)) {
              output.say("no browser was found; open it yourself");
            }
            output.result(new Result(found.id(), record.story().execution(), shown));
          }
          return ExitCode.DONE.code();
        });
  }
}
