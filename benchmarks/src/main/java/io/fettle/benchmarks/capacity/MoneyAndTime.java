package io.fettle.benchmarks.capacity;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.Traces;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The rows of {@code fettle bench capacity} about deadlines, prices and caps. */
final class MoneyAndTime {
  private MoneyAndTime() {}

  static List<Row> rows(Effort effort, Consumer<Row> known) throws IOException, Traces.Unreadable {
    var rows = new ArrayList<Row>();
    if (effort.wants("deadline") || effort.wants("cost") || effort.wants("recorded")) {
      rows.addAll(PolicyRows.rows(effort, known));
    }
    if (effort.wants("budget")) {
      rows.addAll(BudgetRows.rows(effort, known));
    }
    return rows;
  }
}
