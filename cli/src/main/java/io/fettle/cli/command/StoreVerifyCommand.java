package io.fettle.cli.command;

import io.fettle.cli.ExitCode;
import io.fettle.cli.store.Verification;
import io.fettle.cli.view.ProgressBar;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "verify",
    description = {
      "Reads all objects under an address and compares them with their hashes.",
      "Exits with 1 if one is damaged."
    },
    mixinStandardHelpOptions = true)
final class StoreVerifyCommand implements Callable<Integer> {
  @Mixin private Output output;
  @Mixin private StoreAccess access;

  @Parameters(
      arity = "0..1",
      paramLabel = "URI",
      description = "A path, s3://bucket/name or gs://bucket/name (default: the runs' store).")
  private @Nullable String uri;

  record Result(
      String uri, boolean ok, int sound, int unknown, int gone, long bytes, List<String> damaged) {}

  @Override
  public Integer call() {
    var address = access.address(uri);
    var found =
        access.in(address, place -> new Verification(place, new ProgressBar(System.err)).run());
    found
        .damaged()
        .forEach(
            name -> output.say("DAMAGED  %s; delete it, and publish it again".formatted(name)));
    output.say(
        "%d sound, %d without a hash, %d damaged, %d deleted meanwhile; %s read"
            .formatted(
                found.sound(),
                found.unknown(),
                found.damaged().size(),
                found.gone(),
                Sizes.of(found.bytes())));
    boolean ok = found.damaged().isEmpty();
    output.result(
        new Result(
            address,
            ok,
            found.sound(),
            found.unknown(),
            found.gone(),
            found.bytes(),
            found.damaged()));
    return (ok ? ExitCode.DONE : ExitCode.FAILED).code();
  }
}
