package io.fettle.benchmarks.capacity;

import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.capacity.HaltTrial.Fate;
import io.fettle.benchmarks.capacity.HaltTrial.Found;
import io.fettle.benchmarks.capacity.HaltTrial.Plan;
import io.fettle.benchmarks.capacity.PoolChild.Death;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Control workers die at every numbered point of acquire and release: a real process each, halted,
 * and at every point once killed by signal 9.
 */
final class HaltRows {
  static final String ORPHANS = "orphan_hosts_after_2min";
  static final String DOUBLES = "double_launches";
  static final String TAKEN = "live_hosts_taken";

  /** Moto looks at all that an account ever had. */
  private static final int TRIALS_AN_ACCOUNT = 50;

  private static final int FIRST_ACCOUNT = 1_000;

  private HaltRows() {}

  static List<Row> measure(Effort effort, URI moto, Path folder) throws Exception {
    var plans = plans(halts(effort), effort.seed());
    var children = new Children(folder);
    var found = new Found(0, 0, 0);
    var control = new Found(0, 0, 0);
    for (int first = 0; first < plans.size(); first += TRIALS_AN_ACCOUNT) {
      var last = Math.min(plans.size(), first + TRIALS_AN_ACCOUNT);
      try (var account = new Ec2Account(moto, FIRST_ACCOUNT + first)) {
        for (int i = first; i < last; i++) {
          found = sum(found, product(plans.get(i), account, children, folder.resolve("p" + i)));
          control = sum(control, control(plans.get(i), account, children, folder.resolve("c" + i)));
        }
      }
    }
    return rows(plans.size(), found, control);
  }

  private static int halts(Effort effort) {
    return switch (effort.level()) {
      case QUICK -> 3 * Crash.POINTS;
      case USUAL -> 20 * Crash.POINTS;
      case FULL -> 1_000;
    };
  }

  /** Every point and fate in turn; the first round is killed. */
  static List<Plan> plans(int halts, long seed) {
    var plans = new ArrayList<Plan>();
    var fates = Fate.values();
    for (int i = 0; i < halts + Crash.POINTS; i++) {
      int point = 1 + i % Crash.POINTS;
      int round = i / Crash.POINTS;
      plans.add(
          new Plan(
              point,
              round == 0 ? Death.KILL : Death.HALT,
              fates[(point + round) % fates.length],
              seed * 10_000 + i));
    }
    return plans;
  }

  private static Found product(Plan plan, Ec2Account account, Children children, Path folder)
      throws Exception {
    try (var trial =
        new HaltTrial(plan, account, children, Files.createDirectories(folder.resolve("s")))) {
      return trial.product();
    }
  }

  /** In an account's other half: its marks are others. */
  private static Found control(Plan plan, Ec2Account account, Children children, Path folder)
      throws Exception {
    var other = new Plan(plan.point(), plan.death(), plan.fate(), -plan.seed());
    try (var trial =
        new HaltTrial(other, account, children, Files.createDirectories(folder.resolve("s")))) {
      return trial.control();
    }
  }

  private static Found sum(Found one, Found other) {
    return new Found(
        one.orphans() + other.orphans(),
        one.doubles() + other.doubles(),
        one.taken() + other.taken());
  }

  private static List<Row> rows(int trials, Found found, Found control) {
    var note =
        "%d points, each killed once by signal 9, then halted; the provider's clock, its lag and the two minutes are virtual"
            .formatted(Crash.POINTS);
    return List.of(
        Row.measured(ORPHANS, found.orphans(), "", trials)
            .atMost(0)
            .control(control.orphans())
            .note(note + "; control: no intent, no adoption, no reconciler")
            .shownByControl(),
        Row.measured(DOUBLES, found.doubles(), "", trials)
            .atMost(0)
            .control(control.doubles())
            .note("for a token or under a shared cap for one host; control: a new token each time")
            .shownByControl(),
        Row.measured(TAKEN, found.taken(), "", trials)
            .atMost(0)
            .note("of runs that go on, or of which the server does not answer"));
  }
}
