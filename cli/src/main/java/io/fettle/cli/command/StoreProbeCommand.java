package io.fettle.cli.command;

import io.fettle.activities.disks.Folders;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.conformance.Conformance;
import io.fettle.activities.store.conformance.Conformance.Broken;
import io.fettle.activities.store.conformance.Conformance.Check;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "probe",
    description = {
      "Tests whether a store can be trusted with runs: racing writers, fresh lists.",
      "Works under probes/ and leaves nothing behind. Exits with 1 if a promise is broken."
    },
    mixinStandardHelpOptions = true)
final class StoreProbeCommand implements Callable<Integer> {
  @Mixin private Output output;
  @Mixin private StoreAccess access;

  @Parameters(
      arity = "0..1",
      paramLabel = "URI",
      description =
          "file:///folder, s3://bucket/prefix or gs://bucket/prefix (default: the runs' store).")
  private @Nullable URI uri;

  @Option(names = "--all", description = "Every promise that runs stand on, a line each.")
  private boolean all;

  /**
   * One promise.
   *
   * @param broken what the store did instead; empty if it kept it
   */
  record Kept(String promise, String broken, long milliseconds) {}

  record Result(String uri, boolean ok, List<Kept> promises) {}

  @Override
  public Integer call() throws InterruptedException {
    var root = uri == null ? StoreAccess.configured().root() : uri;
    var kept = new ArrayList<Kept>();
    try (var store = Stores.openProbed(root, access.access())) {
      output.say("%s keeps what leases, claims and aliases rest on".formatted(store.root()));
      if (all) {
        for (var check : Conformance.all()) {
          kept.add(kept(store, check));
          output.say(line(kept.getLast()));
        }
      }
    } catch (IOException refused) {
      throw new CommandFailure(code(refused), String.valueOf(refused.getMessage()), refused);
    }
    boolean ok = kept.stream().allMatch(each -> each.broken().isEmpty());
    output.result(new Result(root.toString(), ok, kept));
    return (ok ? ExitCode.DONE : ExitCode.FAILED).code();
  }

  /**
   * A store that answers, and breaks a promise, is another matter than one that does not answer.
   */
  private static ExitCode code(IOException refused) {
    return refused instanceof Stores.Untrusted ? ExitCode.FAILED : ExitCode.UNREACHABLE;
  }

  private static Kept kept(ObjectStore store, Check check)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    var scratch = Files.createTempDirectory("fettle-probe-");
    String broken = "";
    try {
      check.run(store, scratch);
    } catch (Broken | IOException why) {
      broken = String.valueOf(why.getMessage());
    } finally {
      Folders.delete(scratch);
    }
    return new Kept(check.name(), broken, Duration.ofNanos(System.nanoTime() - start).toMillis());
  }

  private static String line(Kept kept) {
    return String.format(
        Locale.ROOT,
        "%-6s %6d ms  %s%s",
        kept.broken().isEmpty() ? "ok" : "BROKEN",
        kept.milliseconds(),
        kept.promise(),
        kept.broken().isEmpty() ? "" : ": " + kept.broken());
  }
}
