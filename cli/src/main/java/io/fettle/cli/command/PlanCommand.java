package io.fettle.cli.command;

import io.fettle.activities.plan.Hardware;
import io.fettle.activities.plan.Planner;
import io.fettle.activities.remote.RemoteFile;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.cli.local.Site;
import io.fettle.cli.local.StoreAddress;
import io.fettle.workflows.spec.MethodSpec.Tuning;
import io.fettle.workflows.spec.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "plan",
    description = {
      "Says what a run of a spec would need on this machine: memory, precision, batch, price.",
      "Refuses what cannot work. Starts nothing and leases nothing."
    },
    mixinStandardHelpOptions = true)
public final class PlanCommand implements Callable<Integer> {
  @Mixin private SpecFile spec;
  @Mixin private Output output;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "The base model's folder, where the spec names a package or a hub.")
  private @Nullable Path model;

  record Result(
      boolean ok,
      String run,
      String shape,
      long parameters,
      long trainedParameters,
      long memoryBytes,
      long memoryAvailableBytes,
      double dollars,
      Spec spec,
      List<String> notes,
      List<String> refusals) {}

  @Override
  public Integer call() {
    var accepted = spec.accepted();
    var outcome = plan(accepted.spec());
    boolean ok = outcome.refusals().isEmpty();
    describe(outcome);
    output.result(
        new Result(
            ok,
            accepted.runId(),
            outcome.shape(),
            outcome.parameters(),
            outcome.trainedParameters(),
            outcome.memoryBytes(),
            outcome.memoryAvailableBytes(),
            outcome.dollars(),
            outcome.spec(),
            outcome.notes(),
            outcome.refusals()));
    return (ok ? ExitCode.DONE : ExitCode.INVALID).code();
  }

  private Planner.Outcome plan(Spec asked) {
    var site = Site.current();
    var folder =
        Optional.ofNullable(model)
            .or(
                () ->
                    Optional.ofNullable(asked.model().path())
                        .filter(Predicate.not(RemoteFile::isRemote))
                        .map(Path::of));
    try {
      if (folder.isPresent()) {
        return plan(site, asked, folder.get());
      }
      return FetchedModel.of(asked, LocalCluster.current(Progress.silent()).store())
          .orElseThrow(() -> notFetched(asked))
          .plan(site, asked);
    } catch (IOException e) {
      var where = folder.map(Path::toString).orElse("the store");
      throw new CommandFailure(ExitCode.INVALID, where + ": " + e.getMessage(), e);
    }
  }

  /** The store is asked only where a machine that registered there may be chosen. */
  private static Planner.Outcome plan(Site site, Spec asked, Path folder) throws IOException {
    var address = LocalCluster.current(Progress.silent()).store();
    boolean asksNobody =
        asked.capacity().shape() != null
            || !site.hasRegistered(asked.capacity().pools())
            || FetchedModel.isUnmade(address.root());
    var pools = asksNobody ? site.planned(Optional.empty()) : registered(site, address);
    return new Planner(Hardware.local(), site.policy(), pools).plan(asked, folder);
  }

  private static Planner.Pools registered(Site site, StoreAddress address) {
    try (var store = address.open()) {
      var now = site.planned(Optional.of(store)).now();
      return () -> now;
    } catch (IOException failed) {
      throw StoreAccess.failure(failed);
    }
  }

  private static CommandFailure notFetched(Spec asked) {
    return new CommandFailure(
        ExitCode.PREREQUISITE_MISSING,
        "the plan needs the config and tensor headers of %s, which no run has fetched yet; `fettle run` does, or --model names its folder"
            .formatted(FetchedModel.name(asked)));
  }

  private void describe(Planner.Outcome outcome) {
    var resolved = outcome.spec();
    line(
        "model",
        "%s parameters, %s of them trained (%s)"
            .formatted(
                count(outcome.parameters()), count(outcome.trainedParameters()), tuning(resolved)));
    line(
        "hardware",
        "%s, %s for a trainer"
            .formatted(outcome.shape(), gigabytes(outcome.memoryAvailableBytes())));
    line("memory", "about %s at the peak".formatted(gigabytes(outcome.memoryBytes())));
    line("training", training(resolved));
    line(
        "serving",
        "%s on a %s, %s"
            .formatted(
                word(resolved.deploy().engine()),
                word(resolved.deploy().target()),
                word(resolved.quantize().scheme())));
    line("price", price(outcome.dollars()));
    outcome.notes().forEach(note -> line("", note));
    outcome.refusals().forEach(refusal -> line("cannot work", refusal));
  }

  private static String training(Spec spec) {
    var train = spec.train();
    var batch =
        train.globalBatchSize() == null
            ? "a batch of 16 (below 2,000 rows) or 32"
            : "a batch of " + train.globalBatchSize();
    return "%s, %s, %s rows at once, learning rate %s, activations %s"
        .formatted(
            word(train.precision()),
            batch,
            train.microBatchSize(),
            train.learningRate(),
            Boolean.TRUE.equals(train.gradientCheckpointing()) ? "recomputed" : "kept");
  }

  private static String price(double dollars) {
    if (dollars == 0) {
      return "0 dollars: the machine is yours";
    }
    return dollars < 0
        ? "not known"
        : String.format(Locale.ROOT, "about %.2f dollars without interruptions", dollars);
  }

  private static String tuning(Spec spec) {
    var tuning = word(spec.method().tuning());
    return spec.method().tuning() == Tuning.FULL
        ? tuning
        : tuning + " r " + spec.method().lora().r();
  }

  private void line(String subject, String text) {
    output.say(String.format(Locale.ROOT, "  %-12s %s", subject, text));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String count(long parameters) {
    return parameters >= 1_000_000_000L
        ? String.format(Locale.ROOT, "%.1f B", parameters / 1e9)
        : String.format(Locale.ROOT, "%.1f M", parameters / 1e6);
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
