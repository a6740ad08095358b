package io.fettle.cli.command;

import io.fettle.cli.ExitCode;
import io.fettle.cli.store.Copying;
import io.fettle.cli.view.ProgressBar;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "cp",
    description = {
      "Copies a file or an object, or all below a name, in any direction.",
      "A large download that was stopped goes on where it was."
    },
    mixinStandardHelpOptions = true)
final class StoreCpCommand implements Callable<Integer> {
  private static final double NANOS = 1e9;

  @Mixin private Output output;
  @Mixin private StoreAccess access;

  @Parameters(
      index = "0",
      paramLabel = "FROM",
      description = "A path, s3://bucket/name or gs://bucket/name.")
  private String from;

  @Parameters(
      index = "1",
      paramLabel = "TO",
      description = "The same; a slash at its end says that it is a folder.")
  private String to;

  record Result(String from, String to, int count, long bytes, int hidden, double seconds) {}

  @Override
  public Integer call() {
    long start = System.nanoTime();
    var total =
        access.in(
            from,
            source ->
                access.in(
                    to, target -> new Copying(source, target, new ProgressBar(System.err)).run()));
    double seconds = (System.nanoTime() - start) / NANOS;
    output.say(
        "copied %d %s, %s in %.1f s"
            .formatted(
                total.count(),
                total.count() == 1 ? "object" : "objects",
                Sizes.of(total.bytes()),
                seconds));
    if (total.hidden() > 0) {
      output.say("left out %d whose names begin with a dot".formatted(total.hidden()));
    }
    output.result(new Result(from, to, total.count(), total.bytes(), total.hidden(), seconds));
    return ExitCode.DONE.code();
  }
}
