package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.servers.ObjectServer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The rows that stand on what a store promises, over a server of objects instead of a folder. */
public final class RowsOnAStore {
  private RowsOnAStore() {}

  /**
   * Stale publications on the ledger; beyond {@code --quick} also notices and what they publish.
   */
  public static List<Row> published(Effort effort, Path folder, ObjectServer server, String prefix)
      throws Exception {
    var rows = new ArrayList<Row>();
    if (effort.wants(prefix + "stale_")) {
      try (var store = server.open("stale")) {
        rows.addAll(StaleRows.rows(effort, store, folder.resolve("stale")));
      }
    }
    if (!effort.isQuick() && effort.wants(prefix + "notice_")) {
      rows.addAll(notices(effort, folder.resolve("rig"), server));
    }
    return named(rows, prefix);
  }

  private static List<Row> notices(Effort effort, Path folder, ObjectServer server)
      throws Exception {
    try (var rig = new Rig(folder, Settings.shipped(), Ground.on(server))) {
      var notices = new NoticeRows(rig);
      var lanes = new Lanes();
      notices.join(lanes, effort);
      var broken = lanes.run();
      if (!broken.isEmpty()) {
        throw new IllegalStateException(String.join("; ", broken));
      }
      return notices.rows();
    }
  }

  /** Whole runs whose processes are killed one after another. */
  public static List<Row> killed(Effort effort, Path folder, ObjectServer server, String prefix)
      throws Exception {
    return named(KillRows.rows(effort, folder, Settings.shipped(), Ground.on(server)), prefix);
  }

  private static List<Row> named(List<Row> rows, String prefix) {
    return rows.stream()
        .map(Row::shownByControl)
        .map(row -> row.named(prefix + row.name()))
        .toList();
  }
}
