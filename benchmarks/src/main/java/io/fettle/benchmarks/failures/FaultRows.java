package io.fettle.benchmarks.failures;

import static java.util.stream.Collectors.joining;

import io.fettle.activities.programs.Program;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Trainers that are broken, each in its own way, and whether their runs tell which way it was. */
final class FaultRows {
  private static final int TRIALS = 2;

  /** The plan's retries, and the first start. */
  private static final int STARTS = 3;

  private static final String BY_STATUS = "control: by the exit status alone";
  private static final int CAP = 5;
  private static final Duration START = Duration.ofMinutes(2);

  private final Rig rig;
  private final TrainerTrials trials;
  private final List<Diagnosis> found = new CopyOnWriteArrayList<>();
  private volatile int startsWithoutBudget;

  FaultRows(Rig rig) {
    this.rig = rig;
    this.trials = new TrainerTrials(rig);
  }

  /** Adds the trains; {@link #rows} is for when they have run. */
  void join(Lanes lanes, Effort effort) {
    if (effort.isQuick()) {
      lanes.add(() -> failing(List.of(TrainerFault.NAN, TrainerFault.WRONG_CONFIG), 1));
      lanes.add(
          () -> {
            killed(1);
            ofTheCloud("faults-cloud", List.of(TrainerFault.NOTICE));
          });
      return;
    }
    lanes.add(
        () ->
            failing(
                Stream.of(TrainerFault.values()).filter(TrainerFault::isDeterministic).toList(),
                TRIALS));
    lanes.add(
        () -> {
          killed(TRIALS);
          outOfMemory(TRIALS);
        });
    joinOfTheCloud(lanes, effort);
    lanes.add(() -> hanging(TrainerFault.HANG_IN_EVAL));
    lanes.add(
        () -> {
          hanging(TrainerFault.HANG_IN_LOAD);
          hanging(TrainerFault.HANG_IN_STEP);
          hanging(TrainerFault.HANG_IN_SAVE);
        });
  }

  /** Those alone that a host has a part in. */
  void joinOfTheCloud(Lanes lanes, Effort effort) {
    if (effort.isQuick()) {
      lanes.add(() -> ofTheCloud("faults-cloud", List.of(TrainerFault.NOTICE)));
      return;
    }
    lanes.add(
        () -> {
          var faults = Stream.of(TrainerFault.values()).filter(TrainerFault::isOfTheCloud).toList();
          for (int run = 0; run < TRIALS; run++) {
            ofTheCloud(
                "faults-cloud-" + run, Stream.of(faults, faults).flatMap(List::stream).toList());
          }
        });
  }

  private void failing(List<TrainerFault> faults, int times) throws Exception {
    for (int trial = 0; trial < times; trial++) {
      for (var fault : faults) {
        found.add(trials.failing(fault, name(fault, trial)));
      }
    }
    startsWithoutBudget = Diagnosis.startsWithoutBudget(this::startAgain, CAP);
  }

  private void killed(int times) throws Exception {
    for (int trial = 0; trial < times; trial++) {
      found.add(trials.killed(name(TrainerFault.KILLED, trial)));
    }
  }

  private void outOfMemory(int times) throws Exception {
    for (int trial = 0; trial < times; trial++) {
      found.addAll(trials.outOfMemory(name(TrainerFault.OUT_OF_MEMORY, trial)));
    }
  }

  private void ofTheCloud(String name, List<TrainerFault> faults) throws Exception {
    found.addAll(trials.ofTheCloud(name, faults));
  }

  private void hanging(TrainerFault fault) throws Exception {
    for (int trial = 0; trial < TRIALS; trial++) {
      found.add(trials.hanging(fault, name(fault, trial)));
    }
  }

  private static String name(TrainerFault fault, int trial) {
    return "faults-%s-%d".formatted(fault.name().toLowerCase(Locale.ROOT).replace('_', '-'), trial);
  }

  /** Control: the wrong config once more, as one would who takes each end for bad luck. */
  private int startAgain(int number) throws Exception {
    var folder = rig.home().path().resolve("scratch").resolve("again-" + number);
    Path config = Files.createDirectories(folder).resolve("run.json");
    Files.writeString(config, "{\"learning_rat\": 1e-4}");
    var arguments = List.of("train", "--config", config.toString(), "--workdir", folder.toString());
    var exit =
        Program.start(rig.environments().module("train", folder, "fettle_trainer", arguments))
            .await(START);
    return TrainHost.status(exit.orElseThrow());
  }

  // --- The rows

  List<Row> rows() {
    return List.of(
        misclassified().note(note()),
        retries(),
        starts("deterministic_starts_max", only(d -> d.fault().isDeterministic()), STARTS)
            .note("control: no budget, up to %d".formatted(CAP)),
        starts("fatal_starts_max", only(d -> d.fault().isFatal()), 1)
            .note("NaN, wrong config, bad row; control: no budget, up to %d".formatted(CAP)));
  }

  /** Of the trains of {@link #joinOfTheCloud}. */
  List<Row> ofTheCloud() {
    return List.of(
        misclassified().note(wrong() + "notices, lost hosts and cut links; " + BY_STATUS),
        retries());
  }

  private Row misclassified() {
    return Row.measured("misclassified_faults", only(Diagnosis::isWrong).size(), "", found.size())
        .atMost(0)
        .control(only(Diagnosis::isWrongByStatusAlone).size());
  }

  private Row retries() {
    var ofTheCloud = only(diagnosis -> diagnosis.fault().isOfTheCloud());
    return Row.measured(
            "user_retries_spent_on_preemption",
            ofTheCloud.stream().mapToInt(Diagnosis::retries).sum(),
            "",
            ofTheCloud.size())
        .atMost(0)
        .control(ofTheCloud.stream().mapToInt(Diagnosis::retriesByStatusAlone).sum())
        .note(BY_STATUS);
  }

  private List<Diagnosis> only(Predicate<Diagnosis> which) {
    return found.stream().filter(which).toList();
  }

  private Row starts(String name, List<Diagnosis> of, int most) {
    return Row.measured(
            name, of.stream().mapToInt(Diagnosis::starts).max().orElse(0), "", of.size())
        .atMost(most)
        .control(startsWithoutBudget);
  }

  private String note() {
    var missing =
        found.stream().noneMatch(d -> d.fault() == TrainerFault.KILLED_FOR_MEMORY)
            ? "; without kills for memory, which take a control group"
            : "";
    return wrong() + BY_STATUS + "; the tiny model has no phase compile" + missing;
  }

  private String wrong() {
    return only(Diagnosis::isWrong).stream().map(each -> each.line() + "; ").collect(joining());
  }
}
