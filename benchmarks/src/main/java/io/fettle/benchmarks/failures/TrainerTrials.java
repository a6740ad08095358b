package io.fettle.benchmarks.failures;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.wire.Wire;
import io.temporal.client.WorkflowFailedException;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Breaks the trainers of runs of their own, one fault at a time, and asks the runs what it was. */
final class TrainerTrials {
  private static final Duration END = Duration.ofMinutes(5);
  private static final Duration CONTACT = Duration.ofSeconds(60);
  private static final Duration WINDOW = Duration.ofSeconds(30);
  private static final Pattern STALLED_PHASE = Pattern.compile("phase (\\w+) was silent .*");
  private static final int ENDLESS = 50_000_000;
  private static final int STEPS = 200;
  private static final int DEV_ROWS = 400;
  private static final double NO_RATE = 1e30;

  /** In a warm-up of days no loss falls, and evaluations of one that does not call it diverged. */
  private static final double FAST = 2e-3;

  /**
   * Tokens of a row at the most, and what a trainer may still ask for: less than its batch takes.
   */
  private static final int LONG = 8192;

  private static final long ROOM = 60_000_000;

  private final Rig rig;

  TrainerTrials(Rig rig) {
    this.rig = rig;
  }

  private OtherTrainings others(String name) {
    return new OtherTrainings(rig.tiny(), rig.home().path().resolve("scratch").resolve(name));
  }

  // --- What is the user's, and the same at each start

  Diagnosis failing(TrainerFault fault, String name) throws Exception {
    var train =
        switch (fault) {
          case NAN ->
              start(name, STEPS, change -> change.put("learning_rate", NO_RATE), rig.tiny());
          case WRONG_CONFIG ->
              start(name, STEPS, change -> change.put("learning_rat", 1e-4), rig.tiny());
          case BAD_ROW -> start(name, STEPS, _ -> {}, others(name).withBadRow());
          default -> start(name, STEPS, _ -> {}, others(name).withWeightsCutOff());
        };
    var type = failure(train);
    var status = train.status();
    var ends = status.leases().stream().map(LeaseStory::ended).distinct().toList();
    var expected = List.of(fault.isFatal() ? "Fatal" : fault.expected());
    return new Diagnosis(
        fault,
        type,
        ends.equals(expected),
        status.leases().size(),
        status.crashes(),
        train.host().status());
  }

  private Training start(String name, int steps, Consumer<ObjectNode> change, TinyTraining of)
      throws IOException {
    return rig.start(name, rig.settings().lease(), rig.tiny().config(steps, change), of);
  }

  private static String failure(Training train) throws Exception {
    try {
      train.result(END);
      return "Finished";
    } catch (WorkflowFailedException failed) {
      Throwable cause = failed.getCause();
      while (cause != null) {
        if (cause instanceof ApplicationFailure application) {
          return application.getType();
        }
        cause = cause.getCause();
      }
      return "nothing of ours";
    }
  }

  // --- What a later lease goes on from

  Diagnosis killed(String name) throws Exception {
    var train = rig.endless(name, rig.settings().lease());
    train.awaitPublished(2);
    var host = train.host();
    host.signalTrainer("-KILL");
    var diagnosis = diagnosed(TrainerFault.KILLED, train, host, () -> resumed(train, host));
    train.terminate();
    return diagnosis;
  }

  /** Refused by a limit of its own first; where this machine has control groups, then killed. */
  List<Diagnosis> outOfMemory(String name) throws Exception {
    var train =
        start(name, ENDLESS, change -> change.put("max_length", LONG), others(name).withLongRows());
    Waits.must("lease of " + name, END, () -> train.newestLease() > 0);
    var host = train.host();
    Waits.must("the trainer of " + name, END, host::isTraining);
    var group = MemoryGroup.make("fettle-bench-%s-%d".formatted(name, host.agent()));
    var found = new ArrayList<Diagnosis>();
    if (group.isEmpty()) {
      found.add(refusedMemory(train, host));
    } else {
      try (var memory = group.get()) {
        memory.take(host.agent()); // the next trainer is born in it, and so is its shim
        found.add(refusedMemory(train, host));
        found.add(killedForMemory(train, memory));
      }
    }
    train.terminate();
    return found;
  }

  private static Diagnosis refusedMemory(Training train, TrainHost host) throws Exception {
    int micro = microBatch(host);
    Waits.must("its first step", END, () -> Hang.phase(host.events()).equals("step"));
    host.limitMemory(ROOM);
    return diagnosed(
        TrainerFault.OUT_OF_MEMORY, train, host, () -> smaller(train, host, micro / 2));
  }

  /** The agent leaves the group first: it is not to be chosen. */
  private static Diagnosis killedForMemory(Training train, MemoryGroup memory) throws Exception {
    train.awaitPublished(1);
    var host = train.host();
    int micro = microBatch(host);
    memory.giveBack(host.agent());
    Waits.until(
        CONTACT,
        () -> {
          memory.squeeze();
          return !host.isTraining();
        });
    return diagnosed(
        TrainerFault.KILLED_FOR_MEMORY,
        train,
        host,
        () -> smaller(train, host, micro / 2) && resumed(train, host));
  }

  private static boolean smaller(Training train, TrainHost broken, int micro) throws Exception {
    return goesOn(train, broken) && microBatch(train.host()) == micro;
  }

  private static int microBatch(TrainHost host) throws IOException {
    var config = Wire.mapper().readTree(Files.readAllBytes(host.folder().resolve("run.json")));
    return config.path("micro_batch_size").asInt();
  }

  Diagnosis hanging(TrainerFault fault, String name) throws Exception {
    var phase = fault.expected().substring(fault.expected().lastIndexOf(' ') + 1);
    var train =
        start(
            name,
            ENDLESS,
            change ->
                change
                    .put("eval_every_steps", 20)
                    .put("lr_scheduler", "constant")
                    .put("learning_rate", FAST)
                    .withObject("/checkpoint")
                    .put("every_seconds", 1),
            others(name).withDevRows(DEV_ROWS));
    Waits.must("lease of " + name, END, () -> train.newestLease() > 0);
    var host = train.host();
    Waits.must("the trainer of " + name, END, host::isTraining);
    if (fault != TrainerFault.HANG_IN_LOAD) {
      train.awaitPublished(1);
    }
    new Hang(host).in(phase);
    var diagnosis = diagnosed(fault, train, host, () -> goesOn(train, host));
    train.terminate();
    return diagnosis;
  }

  // --- What is the cloud's

  /** One run that sees nothing else. */
  List<Diagnosis> ofTheCloud(String name, List<TrainerFault> faults) throws Exception {
    var train = rig.endless(name, rig.settings().lease());
    var found = new ArrayList<Diagnosis>();
    for (var fault : faults) {
      train.awaitPublished(2);
      var host = train.host();
      switch (fault) {
        case NOTICE -> host.giveNotice(WINDOW);
        case HOST_KILLED -> {
          host.kill();
          host.sayTerminated();
        }
        default -> cut(train, host);
      }
      found.add(
          fault == TrainerFault.LINK_CUT
              ? undisturbed(fault, train, host)
              : diagnosed(fault, train, host, () -> resumed(train, host)));
    }
    train.terminate();
    return found;
  }

  private void cut(Training train, TrainHost host) throws Exception {
    long agent = host.agent();
    rig.link().cut(agent);
    Thread.sleep(rig.settings().longestCut().dividedBy(2));
    rig.link().mend(agent);
    var mended = Instant.now();
    train.awaitContactSince(mended, CONTACT);
  }

  private static Diagnosis undisturbed(TrainerFault fault, Training train, TrainHost host)
      throws Exception {
    var status = train.status();
    var called = called(status.leases().get(host.lease() - 1));
    return new Diagnosis(fault, called, host.isTraining(), 1, status.crashes(), host.status());
  }

  // --- What the run says of it

  private static Diagnosis diagnosed(
      TrainerFault fault, Training train, TrainHost host, Waits.Condition answered)
      throws Exception {
    Waits.until(END, () -> train.status().leases().size() > host.lease());
    boolean well = train.newestLease() > host.lease() && answered.holds();
    var status = train.status();
    return new Diagnosis(
        fault,
        called(status.leases().get(host.lease() - 1)),
        well,
        status.leases().size() - host.lease() + 1,
        status.crashes(),
        host.status());
  }

  private static String called(LeaseStory lease) {
    var stalled = STALLED_PHASE.matcher(lease.reason());
    return stalled.matches() ? lease.ended() + " in " + stalled.group(1) : lease.ended();
  }

  private static boolean goesOn(Training train, TrainHost broken) throws Exception {
    train.awaitPublished(1);
    return train.newestLease() == broken.lease() + 1;
  }

  /** From a checkpoint, and it publishes more. */
  private static boolean resumed(Training train, TrainHost broken) throws Exception {
    return train.status().leases().get(broken.lease()).fromStep() > 0 && goesOn(train, broken);
  }
}
