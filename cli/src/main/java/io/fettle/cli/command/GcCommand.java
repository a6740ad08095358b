package io.fettle.cli.command;

import static java.util.stream.Collectors.toSet;

import io.fettle.activities.collection.Collector;
import io.fettle.activities.collection.Collector.Garbage;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.Leftovers;
import io.fettle.cli.local.Leftovers.Leftover;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.cli.runs.OpenHistories;
import io.fettle.cli.runs.Runs;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code fettle gc}: deletes what nothing refers to any more, and says first how much that is. */
@Command(
    name = "gc",
    description = {
      "Deletes shared blobs that nothing refers to, and leftovers of finished runs. Asks first.",
      "What a run, a step's record, a dataset, an endpoint or an open workflow names stays,",
      "and so does what a judge said whom a run has asked."
    },
    mixinStandardHelpOptions = true)
public final class GcCommand implements Callable<Integer> {
  private static final Duration SHORTEST_BESIDE_A_RUN = Duration.ofHours(1);

  @Mixin private Output output;

  @Option(names = "--dry-run", description = "Say what would go, and delete nothing.")
  private boolean dryRun;

  @Option(
      names = "--grace",
      paramLabel = "TIME",
      defaultValue = "24h",
      converter = Span.class,
      description =
          "What is younger stays (default: ${DEFAULT-VALUE}); longer than any step takes.")
  private Duration grace = Duration.ofHours(24);

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  /** How much of a kind there is. */
  record Amount(int count, long bytes) {
    Amount plus(long more) {
      return new Amount(count + 1, bytes + more);
    }
  }

  /** {@code deleted} is empty after a dry run. */
  record Result(SortedMap<String, Amount> found, SortedMap<String, Amount> deleted) {}

  private record Found(List<Garbage> blobs, List<Leftover> leftovers) {
    SortedMap<String, Amount> byKind() {
      var kinds = new TreeMap<String, Amount>();
      blobs.forEach(blob -> add(kinds, blob.kind(), blob.bytes()));
      leftovers.forEach(each -> add(kinds, each.kind(), each.bytes()));
      return kinds;
    }

    private static void add(TreeMap<String, Amount> kinds, String kind, long bytes) {
      kinds.put(kind, kinds.getOrDefault(kind, new Amount(0, 0)).plus(bytes));
    }
  }

  @Override
  public Integer call() {
    var cluster = LocalCluster.current(Progress.silent());
    try (var connection = cluster.connect();
        var store = cluster.store().open()) {
      refuseShortGrace(openRuns(connection.client()));
      var collector = new Collector(store, grace);
      var roots = new OpenHistories(connection.client());
      var found =
          new Found(collector.mark(roots), leftovers(cluster, openRuns(connection.client())));
      show(found.byKind());
      if (dryRun || found.byKind().isEmpty()) {
        output.result(new Result(found.byKind(), new TreeMap<>()));
        return ExitCode.DONE.code();
      }
      confirm();
      var still = Set.copyOf(leftovers(cluster, openRuns(connection.client())));
      var deleted =
          new Found(
              collector.sweep(found.blobs(), roots),
              found.leftovers().stream()
                  .filter(still::contains)
                  .filter(Leftovers::delete)
                  .toList());
      output.say("deleted " + total(deleted.byKind()));
      output.result(new Result(found.byKind(), deleted.byKind()));
      return ExitCode.DONE.code();
    } catch (IOException away) {
      throw cluster.store().away(away);
    }
  }

  private void refuseShortGrace(Set<String> openRuns) {
    if (!openRuns.isEmpty() && grace.compareTo(SHORTEST_BESIDE_A_RUN) < 0) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "--grace is %d s, and %s still runs: what a step has uploaded and not yet recorded could go; give at least 1h, or wait"
              .formatted(grace.toSeconds(), openRuns.iterator().next()));
    }
  }

  private static Set<String> openRuns(WorkflowClient client) {
    return new Runs(client)
        .all().stream().filter(Runs.Found::isOpen).map(Runs.Found::id).collect(toSet());
  }

  private List<Leftover> leftovers(LocalCluster cluster, Set<String> openRuns) throws IOException {
    return Leftovers.find(cluster.home(), openRuns, grace);
  }

  private void show(SortedMap<String, Amount> kinds) {
    if (kinds.isEmpty()) {
      output.say(
          "nothing to delete: everything is referred to, in use, or younger than %s"
              .formatted(shown(grace)));
    }
    kinds.forEach(
        (kind, amount) ->
            output.say(
                String.format(
                    Locale.ROOT,
                    "%-28s %7d  %10s",
                    kind,
                    amount.count(),
                    Sizes.of(amount.bytes()))));
  }

  private void confirm() {
    if (!yes && !Question.isAnsweredYes("Delete all of this?")) {
      throw new CommandFailure(ExitCode.INVALID, "nothing was deleted; --yes answers the question");
    }
  }

  private static String total(SortedMap<String, Amount> kinds) {
    int count = kinds.values().stream().mapToInt(Amount::count).sum();
    long bytes = kinds.values().stream().mapToLong(Amount::bytes).sum();
    return "%d things, %s".formatted(count, Sizes.of(bytes));
  }

  private static String shown(Duration time) {
    return time.toHours() > 0 ? time.toHours() + " h" : time.toSeconds() + " s";
  }
}
