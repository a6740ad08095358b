package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.failures.Faults.State;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Trains of an end whose store is full, away or slow on the way. */
final class StoreRows {
  private static final int STEPS = 600;
  private static final Duration END = Duration.ofMinutes(10);
  private static final Duration AWAY = Duration.ofMinutes(5);
  private static final long SLOW = 2_000_000;

  private final Rig rig;
  private final List<Boolean> lost = new CopyOnWriteArrayList<>();
  private final List<Boolean> control = new CopyOnWriteArrayList<>();

  StoreRows(Rig rig) {
    this.rig = rig;
  }

  void join(Lanes lanes, Effort effort) {
    var away = rig.settings().scaled(AWAY);
    lanes.add(() -> lost.add(isLost("store-away", State.gone(), away)));
    if (!effort.isQuick()) {
      lanes.add(() -> lost.add(isLost("store-full", State.noSpace(), away)));
      lanes.add(() -> lost.add(isLost("store-slow", State.slow(SLOW), END)));
    }
    lanes.add(this::impatient);
  }

  private Reference config() throws IOException {
    return rig.tiny().config(STEPS, _ -> {});
  }

  /** Whether the run did not end as one that nothing had happened to. */
  private boolean isLost(String name, State fault, Duration lasts) throws Exception {
    var train = rig.start(name, rig.settings().lease(), config());
    Waits.must("the trainer", END, () -> train.newestLease() > 0 && train.host().isTraining());
    long agent = train.host().agent();
    rig.faults(agent).set(fault);
    if (lasts.compareTo(END) < 0) {
      Thread.sleep(lasts);
      rig.faults(agent).set(State.NONE);
    }
    boolean done = train.result(END).step() == STEPS;
    var status = train.status();
    return !done || status.crashes() > 0 || !endings(status.leases()).equals(List.of("Finished"));
  }

  private static List<String> endings(List<LeaseStory> leases) {
    return leases.stream().map(LeaseStory::ended).toList();
  }

  /** A trainer that dies of the first write that fails, as most scripts do. */
  private void impatient() throws Exception {
    var train = rig.start("control-store", rig.settings().lease(), config());
    var end = train.workflow().getResultAsync(Checkpoint.class);
    while (!end.isDone()) {
      killTrainer(train);
      Thread.sleep(Duration.ofSeconds(1));
    }
    control.add(end.isCompletedExceptionally());
  }

  private static void killTrainer(Training train) throws Exception {
    if (train.newestLease() > 0 && train.host().isTraining()) {
      train.host().trainer().orElseThrow().kill();
    }
  }

  List<Row> rows() {
    return List.of(
        Row.measured("store_faults_lost_runs", count(lost), "", lost.size())
            .atMost(0)
            .control(count(control))
            .note(
                "full, away (scaled), at 2 MB/s; control: a trainer that dies of its first failed write"));
  }

  private static double count(List<Boolean> these) {
    return these.stream().filter(Boolean::booleanValue).count();
  }
}
