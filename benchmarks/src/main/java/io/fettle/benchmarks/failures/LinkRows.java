package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.failures.LateCheckpoint.Stale;
import io.fettle.benchmarks.failures.LinkTally.Cut;
import io.fettle.benchmarks.failures.LinkTally.Kill;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/**
 * Cut links and killed hosts, drawn at random in the same trains, so that the first seconds of both
 * look alike: who calls the one death fails, and who waits for the other fails too.
 */
final class LinkRows {
  private static final long SEED = 4;
  private static final int NOTICED_BAR = 60;
  private static final int SILENT_BAR = 30;

  /** More fill a history: at this pace a silent host is looked at every second. */
  private static final int FAULTS_A_TRAIN = 10;

  /** Longer than a heartbeat timeout. Seconds. */
  private static final int CONTROL_CUT = 20;

  private final Rig rig;
  private final LinkTally tally = new LinkTally();
  private final LinkTally control = new LinkTally();
  private final AtomicInteger staleChosen = new AtomicInteger();

  LinkRows(Rig rig) {
    this.rig = rig;
  }

  /** How often each fault comes. */
  private Map<Fault, Integer> times(Effort effort) {
    if (rig.launches() && effort.level() == Effort.Level.USUAL) {
      return Map.of( // each successor takes a host that has to start
          Fault.BLACKOUT, 12,
          Fault.CUT_WITHIN_LEASE, 4,
          Fault.CUT_BEYOND_LEASE, 2,
          Fault.FREEZE, 2,
          Fault.KILL_NOTICED, 7,
          Fault.KILL_SILENT, 4);
    }
    return switch (effort.level()) {
      case QUICK -> Map.of(Fault.BLACKOUT, 4, Fault.CUT_WITHIN_LEASE, 2);
      case USUAL ->
          Map.of(
              Fault.BLACKOUT, 100,
              Fault.CUT_WITHIN_LEASE, 6,
              Fault.CUT_BEYOND_LEASE, 3,
              Fault.FREEZE, 3,
              Fault.KILL_NOTICED, 8,
              Fault.KILL_SILENT, 6);
      case FULL ->
          Map.of(
              Fault.BLACKOUT, 100,
              Fault.CUT_WITHIN_LEASE, 10,
              Fault.CUT_BEYOND_LEASE, 8,
              Fault.FREEZE, 6,
              Fault.KILL_NOTICED, 20,
              Fault.KILL_SILENT, 20);
    };
  }

  private List<Fault> draw(Effort effort) {
    var times = times(effort);
    var faults = new ArrayList<Fault>();
    for (var fault : Fault.values()) {
      faults.addAll(Collections.nCopies(times.getOrDefault(fault, 0), fault));
    }
    Collections.shuffle(faults, new Random(SEED));
    return faults;
  }

  /** Adds the trains; {@link #rows} is for when they have run. */
  void join(Lanes lanes, Effort effort) {
    var faults = draw(effort);
    int count = effort.isQuick() ? 2 : 3;
    for (int lane = 0; lane < count; lane++) {
      lanes.add(lane(lane, share(faults, lane, count)));
    }
    lanes.add(this::impatient);
    lanes.add(
        () -> {
          tornDown(!effort.isQuick());
          if (!effort.isQuick()) {
            withoutCheckpoints();
            withoutLease();
          }
        });
  }

  private Lanes.Lane lane(int number, List<Fault> faults) {
    return () -> {
      for (int from = 0; from < faults.size(); from += FAULTS_A_TRAIN) {
        var train = rig.endless("links-%d-%d".formatted(number, from), rig.settings().lease());
        var some = faults.subList(from, Math.min(faults.size(), from + FAULTS_A_TRAIN));
        new LinkLane(rig, train, SEED + number + from, tally).suffer(some);
        staleChosen.addAndGet(stale(train));
        train.terminate();
      }
    };
  }

  private static List<Fault> share(List<Fault> faults, int lane, int lanes) {
    var mine = new ArrayList<Fault>();
    for (int i = lane; i < faults.size(); i += lanes) {
      mine.add(faults.get(i));
    }
    return mine;
  }

  /** Leases that went on from what an older lease published after its successor had opened. */
  private static int stale(Training train) throws Exception {
    var leases = train.leases();
    var published = train.published();
    int stale = 0;
    for (var lease : leases) {
      var from = lease.resumeFrom();
      if (from == null) {
        continue;
      }
      var place = train.ledger().place(from);
      Instant put =
          published.stream()
              .filter(each -> each.lease() == place.lease() && each.step() == place.step())
              .map(Training.Published::at)
              .findFirst()
              .orElse(Instant.EPOCH);
      if (place.lease() + 1 < lease.number() && put.isAfter(leases.get(place.lease()).openedAt())) {
        stale++;
      }
    }
    return stale;
  }

  // --- Controls: the same faults with the mechanism switched off

  /**
   * Silence is death. A busy machine is silent enough, without any cut: hosts that live are
   * replaced one after another, and the run is parked.
   */
  private void impatient() throws Exception {
    var train = rig.impatient("control-impatient");
    var lane = new LinkLane(rig, train, SEED, control);
    for (var kind : List.of(Fault.BLACKOUT, Fault.CUT_WITHIN_LEASE)) {
      if (train.publishes(2)) {
        lane.cut(kind, CONTROL_CUT);
      } else {
        control.add(new Cut(kind, train.newestLease() - 1, 0, Stale.NONE));
      }
    }
    train.terminate();
  }

  private long lostTornDown;

  /** The same where the host does not live to save. */
  private void tornDown(boolean andTheSuccessor) throws Exception {
    var name = "control-torn-down";
    // Only the successor's part needs the other pace, under which a busy machine relaunches for
    // ever.
    var train = andTheSuccessor ? rig.impatient(name) : rig.endless(name, rig.settings().lease());
    lostTornDown = new LinkLane(rig, train, SEED, control).tornDown();
    if (andTheSuccessor) {
      twoSuccessors(train);
    }
    train.terminate();
  }

  private int impatientSuccessors;

  /** The same outage reaches the successor too. */
  private void twoSuccessors(Training train) throws Exception {
    train.awaitPublished(1);
    int before = train.newestLease();
    for (int cut = 1; cut <= 2; cut++) {
      int leases = before + cut;
      var agent = train.host().agent();
      rig.link().cut(agent);
      Waits.until(Duration.ofSeconds(90), () -> train.newestLease() >= leases);
      rig.link().mend(agent);
    }
    impatientSuccessors = train.newestLease() - before;
  }

  private double lostWithoutCheckpoints;

  /** No checkpoint within the life of a host. */
  private void withoutCheckpoints() throws Exception {
    var config =
        rig.tiny()
            .config(
                50_000_000,
                change ->
                    change
                        .withObject("/checkpoint")
                        .put("every_seconds", 36_000)
                        .put("min_seconds", 36_000));
    var train = rig.start("control-unsaved", rig.settings().lease(), config);
    Waits.must("its lease", Duration.ofMinutes(3), () -> train.newestLease() > 0);
    var host = train.host();
    Waits.must("its first step", Duration.ofMinutes(3), () -> host.step() > 0);
    Thread.sleep(Duration.ofSeconds(3L * TinyTraining.INTERVAL));
    host.kill();
    host.sayTerminated();
    lostWithoutCheckpoints = LinkLane.lostIntervals(host.allEvents(), 0);
    train.terminate();
  }

  private double secondsWithoutLease;

  /** A host dies in silence and no lease runs out: nobody ever goes on. */
  private void withoutLease() throws Exception {
    var train = rig.endless("control-forever", Duration.ofDays(1));
    train.awaitPublished(2);
    train.host().kill();
    train.host().sayNothing();
    long died = System.nanoTime();
    var longest =
        rig.settings().heartbeatTimeout().plus(rig.settings().lease()).plusSeconds(NOTICED_BAR);
    Waits.until(longest, () -> train.newestLease() > 1);
    secondsWithoutLease = Waits.secondsSince(died);
    train.terminate();
  }

  // --- The rows

  List<Row> rows() {
    var rows = new ArrayList<Row>();
    rows.addAll(cutRows());
    rows.addAll(beyondRows());
    rows.addAll(killRows());
    if (rig.launches()) {
      rows.add(wordRow());
    }
    return rows.stream().map(row -> row.trials() > 0 ? row : tooLong(row.name())).toList();
  }

  private static Row tooLong(String name) {
    return Row.skipped(name, "takes minutes; not in --quick");
  }

  private List<Row> cutRows() {
    var blackouts = tally.cuts(Fault.BLACKOUT);
    var within = tally.cuts(Fault.CUT_WITHIN_LEASE);
    var impatient = control.cuts(Fault.BLACKOUT);
    return List.of(
        count("blackout_false_relaunches", blackouts, Cut::successors)
            .control(sum(impatient, Cut::successors))
            .note("control: silence is death"),
        count("blackout_lost_steps", blackouts, Cut::lostSteps)
            .control((double) lostTornDown)
            .note("control: the silent host is torn down"),
        count("cut_within_lease_relaunches", within, Cut::successors)
            .control(sum(control.cuts(Fault.CUT_WITHIN_LEASE), Cut::successors)));
  }

  private List<Row> beyondRows() {
    var beyond = new ArrayList<>(tally.cuts(Fault.CUT_BEYOND_LEASE));
    beyond.addAll(tally.cuts(Fault.FREEZE));
    double naive = sum(beyond, cut -> cut.stale().byHighestStep() ? 1 : 0);
    double chosen = staleChosen.get() + sum(beyond, cut -> cut.stale().chosen() ? 1 : 0);
    return List.of(
        Row.measured(
                "cut_beyond_lease_successors_max", max(beyond, Cut::successors), "", beyond.size())
            .atMost(1)
            .control(impatientSuccessors)
            .note("cut or frozen; control: silence is death, and the cut reaches the successor"),
        Row.measured("cut_beyond_lease_stale_chosen", chosen, "", beyond.size())
            .atMost(0)
            .control(naive)
            .note(
                "cut or frozen, and its last checkpoint lands late; control: a reader by the highest step"));
  }

  private List<Row> killRows() {
    double timeout = rig.settings().heartbeatTimeout().toMillis() / 1e3;
    double lease = rig.settings().lease().toMillis() / 1e3;
    var kills = tally.kills();
    return List.of(
        seconds("kills_noticed_p95_s", tally.kills(Fault.KILL_NOTICED), timeout, NOTICED_BAR)
            .note("after the heartbeat timeout; control: neither word nor lease"),
        seconds(
                "kills_silent_after_lease_p95_s",
                tally.kills(Fault.KILL_SILENT),
                timeout + lease,
                SILENT_BAR)
            .note("after the lease's end; control: a lease without end"),
        Row.measured(
                "lost_steps_max_intervals",
                max(kills, Kill::lostIntervals),
                "intervals",
                kills.size())
            .atMost(1)
            .control(lostWithoutCheckpoints)
            .note("control: no checkpoint in a host's life"));
  }

  /** What the run's story says of hosts that their provider took without a notice. */
  private Row wordRow() {
    var word = rig.hosts().word();
    var taken = tally.kills(Fault.KILL_NOTICED);
    return Row.measured("provider_word_missing", without(word, taken), "", taken.size())
        .atMost(0)
        .control(without(word, tally.kills(Fault.KILL_SILENT)))
        .note("the lease's end names " + word + "; control: hosts of whose end nobody says");
  }

  private static double without(String word, List<Kill> kills) {
    return kills.stream().filter(kill -> !kill.reason().contains(word)).count();
  }

  private Row count(String name, List<Cut> cuts, ToDoubleFunction<Cut> of) {
    return Row.measured(name, sum(cuts, of), "", cuts.size()).atMost(0);
  }

  private Row seconds(String name, List<Kill> kills, double after, int bar) {
    double p95 = Quantiles.at(kills.stream().mapToDouble(kill -> kill.seconds() - after), 0.95);
    return Row.measured(name, p95, "s", kills.size())
        .atMost(bar)
        .control(secondsWithoutLease - after);
  }

  private static <T> double sum(List<T> of, ToDoubleFunction<T> number) {
    return of.stream().mapToDouble(number).sum();
  }

  private static <T> double max(List<T> of, ToDoubleFunction<T> number) {
    return of.stream().mapToDouble(number).max().orElse(0);
  }
}
