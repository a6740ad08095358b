package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.Benchmark;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Breaks what a run stands on, on purpose and at random: links, hosts, stores, processes,
 * checkpoints, trainers. Each row comes with the same row whose mechanism is switched off.
 */
public final class FailuresBenchmark implements Benchmark {
  @Override
  public String name() {
    return "failures";
  }

  @Override
  public String summary() {
    return "what each fault costs: cut links, killed and frozen hosts, torn checkpoints, full stores";
  }

  @Override
  public List<Row> measure(Effort effort) throws Exception {
    var folder = Files.createTempDirectory("fettle-bench-failures");
    var settings = Settings.shipped();
    var rows = new ArrayList<Row>();
    rows.add(
        Row.measured("factor", settings.factor(), "", 1)
            .atMost(20)
            .note(
                "lease %s, heartbeats, cuts and back-off are shorter by it"
                    .formatted(settings.lease())));
    try {
      rows.addAll(ledgers(effort, folder.resolve("ledgers")));
      rows.addAll(onOneRig(effort, folder.resolve("rig"), settings));
      rows.addAll(KillRows.rows(effort, folder.resolve("chain"), settings));
    } finally {
      LocalCluster.current(Progress.silent()).delete(List.of(folder));
    }
    return rows;
  }

  /** Without trainers: the real ledger and pool over real files. */
  private static List<Row> ledgers(Effort effort, Path folder) throws Exception {
    var rows = new ArrayList<Row>();
    rows.addAll(new StaleRows().rows(effort, folder.resolve("stale")));
    rows.addAll(new TornRows().rows(effort, folder.resolve("torn")));
    rows.addAll(new ClockRows().rows(effort, folder.resolve("clock")));
    rows.addAll(new OrphanRows().rows(effort, folder.resolve("orphans")));
    return rows;
  }

  private static List<Row> onOneRig(Effort effort, Path folder, Settings settings)
      throws Exception {
    try (var rig = new Rig(folder, settings, Map.of())) {
      var links = new LinkRows(rig);
      var notices = new NoticeRows(rig);
      var endless = new Lanes();
      links.join(endless, effort);
      notices.join(endless, effort);
      var exact = new ExactRows(rig);
      var stores = new StoreRows(rig);
      var faults = new FaultRows(rig);
      var finite = new Lanes();
      exact.join(finite, effort);
      stores.join(finite, effort);
      faults.join(finite, effort);
      var broken = new ArrayList<>(endless.run());
      broken.addAll(finite.run());
      var rows = new ArrayList<Row>();
      rows.add(broken(broken));
      rows.addAll(links.rows());
      rows.addAll(notices.rows());
      rows.addAll(exact.rows());
      rows.addAll(stores.rows());
      rows.addAll(faults.rows());
      return rows;
    }
  }

  private static Row broken(List<String> lanes) {
    return Row.measured("lanes_broken", lanes.size(), "", 1)
        .atMost(0)
        .note(String.join("; ", lanes));
  }
}
