package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.failures.NoticeLane.Notice;
import io.fettle.benchmarks.failures.NoticeLane.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** Notices over a store that takes 40 to 70 % of the window for one checkpoint, or 150 %. */
final class NoticeRows {
  private static final long SEED = 30;
  private static final int SHORT = 30;
  private static final int LONG = 120;
  private static final double TOO_SLOW = 1.5;
  private static final int PERCENT = 95;
  private static final int LANES = 3;

  private final Rig rig;
  private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
  private final List<Outcome> controls = new CopyOnWriteArrayList<>();

  NoticeRows(Rig rig) {
    this.rig = rig;
  }

  /** Adds the trains; {@link #rows} is for when they have run. */
  void join(Lanes lanes, Effort effort) {
    if (effort.isQuick()) {
      return;
    }
    for (int lane = 0; lane < LANES; lane++) {
      lanes.add(lane("notices-" + lane, draw(effort, new Random(SEED + lane)), outcomes));
    }
    lanes.add(
        lane(
            "control-notices",
            List.of(new Notice(SHORT, TOO_SLOW, false, true), new Notice(SHORT, 0.55, true, false)),
            controls));
  }

  private static List<Notice> draw(Effort effort, Random random) {
    boolean full = effort.level() == Effort.Level.FULL;
    var notices = new ArrayList<Notice>();
    for (int i = 0; i < (full ? 7 : 2); i++) {
      notices.add(Notice.usual(LONG, share(random)));
      notices.add(Notice.usual(SHORT, share(random)));
    }
    for (int i = 0; i < (full ? 3 : 1); i++) {
      notices.add(Notice.usual(SHORT, TOO_SLOW));
    }
    return notices;
  }

  private static double share(Random random) {
    return 0.4 + 0.3 * random.nextDouble();
  }

  private Lanes.Lane lane(String name, List<Notice> notices, List<Outcome> into) {
    return () -> {
      var train = rig.endless(name, rig.settings().lease());
      var lane = new NoticeLane(rig, train);
      for (var notice : notices) {
        into.add(lane.suffer(notice));
      }
      train.terminate();
    };
  }

  List<Row> rows() {
    var fitting = outcomes.stream().filter(each -> each.notice().share() < 1).toList();
    var rows = new ArrayList<Row>();
    rows.add(percent(LONG));
    rows.add(percent(SHORT));
    rows.add(
        Row.measured("notice_lost_steps_max", most(fitting), "steps", fitting.size())
            .atMost(0)
            .control(most(untold()))
            .note("control: a host that is not told"));
    rows.add(torn());
    return rows.stream()
        .map(
            row ->
                row.trials() > 0 ? row : Row.skipped(row.name(), "takes minutes; not in --quick"))
        .toList();
  }

  private Row percent(int window) {
    var name = "notice_%ds_published_percent".formatted(window);
    var trials =
        outcomes.stream()
            .filter(each -> each.notice().window() == window && each.notice().share() < 1)
            .toList();
    return Row.measured(name, percentPublished(trials), "%", trials.size())
        .atLeast(PERCENT)
        .control(percentPublished(untold()))
        .note("upload 40 to 70 % of the window; control: a host that is not told");
  }

  private List<Outcome> untold() {
    return controls.stream().filter(each -> !each.notice().told()).toList();
  }

  private static double most(List<Outcome> trials) {
    return trials.stream().mapToDouble(Outcome::lostSteps).max().orElse(0);
  }

  private static double count(Stream<Outcome> trials) {
    return trials.count();
  }

  private static double percentPublished(List<Outcome> trials) {
    return 100 * count(trials.stream().filter(Outcome::published)) / trials.size();
  }

  private Row torn() {
    var trials = outcomes.stream().filter(each -> each.notice().share() > 1).toList();
    return Row.measured(
            "notice_torn", count(trials.stream().filter(NoticeRows::wrong)), "", trials.size())
        .atMost(0)
        .control(count(controls.stream().filter(each -> each.notice().told() && wrong(each))))
        .note("torn, or begun although it would not fit; control: an agent without an estimate");
  }

  private static boolean wrong(Outcome outcome) {
    return outcome.torn() || !outcome.refused();
  }
}
