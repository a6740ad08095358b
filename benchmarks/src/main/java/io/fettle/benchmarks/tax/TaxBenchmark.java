package io.fettle.benchmarks.tax;

import io.fettle.benchmarks.Benchmark;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.OwnHome;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.tax.PlainTrl.Order;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What durability costs: the same training under Fettle, with server, control worker, agent and
 * published checkpoints, and in a plain TRL script that saves as often, in pairs.
 */
public final class TaxBenchmark implements Benchmark {
  /** So that the steps alone say when to save, in both arms. */
  private static final Map<String, String> LASTING_HOSTS = Map.of("AGENT_EXPECTEDLIFE", "100000h");

  private static final Training SHORT = new Training(12, 4);

  /** Of pairs that were too short, before one that is short counts. */
  private static final int MORE_PAIRS = 2;

  private static final Training WARM_UP = new Training(8, 4);

  @Override
  public String name() {
    return "tax";
  }

  @Override
  public String summary() {
    return "tokens a second under Fettle and in plain TRL: the same training, the same losses";
  }

  @Override
  public List<Row> measure(Effort effort, Consumer<Row> known) throws Exception {
    if (effort.isQuick()) {
      return counted("timed; not in --quick");
    }
    var cores = Cores.find();
    return cores.isEmpty() ? counted(Cores.MISSING) : timed(cores.get(), Depth.of(effort.level()));
  }

  /** One short pair on the tiny model, wherever there is room. */
  private static List<Row> counted(String whyNotTimed) throws Exception {
    return onRig(
        TaxRig.Model.TINY,
        Optional.empty(),
        rig -> {
          var pairs = List.of(rig.pair(SHORT, true));
          var control = rig.plain(SHORT, Order.SHUFFLED);
          return List.of(Row.skipped(TaxRows.RATIO, whyNotTimed), TaxRows.unequal(pairs, control));
        });
  }

  private static List<Row> timed(Cores cores, Depth depth) throws Exception {
    cores.bindSelf(); // before the server and the workers, which inherit it
    try {
      return onRig(TaxRig.Model.SMOLLM2, Optional.of(cores), rig -> pairs(rig, depth));
    } finally {
      cores.freeSelf();
    }
  }

  private static List<Row> pairs(TaxRig rig, Depth depth) throws Exception {
    var warm = rig.plain(WARM_UP, Order.FETTLE);
    var training = depth.training(warm.seconds() / (WARM_UP.steps() - 1));
    var pairs = new ArrayList<Pair>();
    for (int tries = 0; pairs.size() < depth.pairs(); tries++) {
      var pair = rig.pair(training, pairs.size() % 2 == 0); // what drifts meets both arms
      if (depth.isFilledBy(pair) || tries >= depth.pairs() + MORE_PAIRS) {
        pairs.add(pair);
      } else {
        training = depth.training(pair.shorterSeconds() / (training.steps() - 1));
      }
    }
    var control = rig.plain(training, Order.SHUFFLED);
    return List.of(TaxRows.ratio(pairs, depth), TaxRows.unequal(pairs, control));
  }

  private interface Measuring {
    List<Row> on(TaxRig rig) throws Exception;
  }

  private static List<Row> onRig(TaxRig.Model model, Optional<Cores> cores, Measuring measuring)
      throws Exception {
    var folder = Files.createTempDirectory("fettle-bench-tax");
    try (var own = new OwnHome(folder, LASTING_HOSTS);
        var rig = new TaxRig(own.cluster(), model, cores)) {
      return measuring.on(rig);
    }
  }
}
