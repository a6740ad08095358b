package io.fettle.cli.runs;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.elastic.Spending;
import io.fettle.activities.capacity.elastic.Spending.Bill;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.StoreAddress;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What the runs that go on cost.
 *
 * @param runs those that ever asked for a host that costs something
 * @param unknown why that cannot be told; empty: it can
 */
public record Costs(List<Cost> runs, String unknown) {
  public Costs {
    runs = List.copyOf(runs);
  }

  public record Cost(String run, Bill bill) {}

  /** Of this home's store; whatever is broken is said in the answer. */
  public static Costs of(LocalCluster cluster) {
    if (isMissing(cluster.store())) {
      return new Costs(List.of(), "");
    }
    try (var store = cluster.store().open()) {
      var spending = Capacity.spending(store);
      var costs = new ArrayList<Cost>();
      for (var run : going(cluster, spending)) {
        costs.add(new Cost(run, spending.bill(run, Instant.now())));
      }
      return new Costs(costs, "");
    } catch (IOException | CommandFailure away) {
      return new Costs(List.of(), String.valueOf(away.getMessage()));
    }
  }

  /** To look makes no folder. */
  private static boolean isMissing(StoreAddress store) {
    return "file".equals(store.root().getScheme()) && Files.notExists(Path.of(store.root()));
  }

  private static List<String> going(LocalCluster cluster, Spending spending) throws IOException {
    var holding =
        spending.standing(Instant.now()).stream()
            .filter(each -> each.place().isPresent())
            .map(each -> each.by().run())
            .collect(Collectors.toCollection(TreeSet::new));
    var paying = spending.paying();
    return paying.isEmpty() ? List.copyOf(holding) : going(paying, holding, open(cluster));
  }

  /** Those that hold hosts, and where the server can be asked, those that wait for one. */
  static List<String> going(List<String> paying, Set<String> holding, Optional<Set<String>> open) {
    var going = new TreeSet<>(holding);
    paying.stream()
        .filter(run -> open.filter(all -> all.contains(run)).isPresent())
        .forEach(going::add);
    return List.copyOf(going);
  }

  /** Empty: the server does not answer. */
  private static Optional<Set<String>> open(LocalCluster cluster) {
    try (var connection = cluster.connect()) {
      return Optional.of(
          new Runs(connection.client())
              .all().stream()
                  .filter(Runs.Found::isOpen)
                  .map(Runs.Found::id)
                  .collect(Collectors.toSet()));
    } catch (CommandFailure | StatusRuntimeException away) {
      return Optional.empty();
    }
  }
}
