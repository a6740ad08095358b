package io.fettle.benchmarks.capacity;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/** Hard caps where orders go unheard, providers fail and the control side is away. */
final class BudgetRows {
  private static final int QUICK = 10;
  private static final int USUAL = 100;

  private BudgetRows() {}

  static List<Row> rows(Effort effort, Consumer<Row> known) throws IOException {
    int trials = effort.isQuick() ? QUICK : USUAL;
    int overruns = 0;
    int without = 0;
    double share = 0;
    for (int trial = 0; trial < trials; trial++) {
      long seed = effort.seed() * 10_000 + trial;
      var watched = BudgetTrial.run(seed, true);
      overruns += watched.isOver() ? 1 : 0;
      share += watched.dollars() / watched.cap() / trials;
      without += BudgetTrial.run(seed, false).isOver() ? 1 : 0;
    }
    var row =
        Row.measured("budget_overruns", overruns, "", trials)
            .atMost(0)
            .control(without)
            .shownByControl()
            .note(
                "two runs with a cap each and one together; launch replies lost, terminations refused, orders unheard, control dead at any point or away for up to 40 minutes; %.0f %% of the common cap was spent in the mean; control: nobody watches"
                    .formatted(100 * share));
    known.accept(row);
    return List.of(row);
  }
}
