package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.failures.Chain.Branch;
import io.fettle.benchmarks.failures.KillTally.Run;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code kill -9} of agent, control worker and server at the boundaries of the whole chain's steps
 * and inside them, and of whoever has just put a step's record.
 */
final class KillRows {
  private static final String COMPLETED = "completed_after_kills_percent";
  private static final String REPEATED = "gpu_steps_repeated";
  private static final String REPLAY = "replay_mismatches";
  private static final String ORPHANS = "orphan_hosts_after_2min";
  private static final long SEED = 9;
  private static final Duration LIMIT = Duration.ofMinutes(25);

  /** A step that a killed control worker held is given to the next one only by its timeout. */
  private static final int CONTROL_LANES = 2;

  private static final int RANDOM_KILLS = 12;

  private static final String RECORD = "record";

  /** The step whose record the control takes away. */
  private static final String TAKEN = "answer";

  private final Path folder;
  private final Settings settings;
  private final Path model;
  private final Ground ground;
  private final KillTally tally = new KillTally();
  private final List<Chain> chains = new ArrayList<>();

  private KillRows(Path folder, Settings settings, Path model, Ground ground) {
    this.folder = folder;
    this.settings = settings;
    this.model = model;
    this.ground = ground;
  }

  /** What the chain does when nothing breaks. */
  private record Undisturbed(Branch branch, List<KillPoint> points, Duration lasted) {}

  /** The same with the mechanisms switched off. */
  private record SwitchedOff(int repeated, int completedPercent, int orphans) {}

  static List<Row> rows(Effort effort, Path folder, Settings settings, Ground ground)
      throws Exception {
    if (effort.isQuick()) {
      var launched = ground.ec2().isPresent() ? Stream.of(ORPHANS) : Stream.<String>empty();
      return Stream.concat(Stream.of(COMPLETED, REPEATED, REPLAY), launched)
          .map(name -> Row.skipped(name, "takes minutes; not in --quick"))
          .toList();
    }
    var environments = LocalCluster.current(Progress.silent()).environments((_, _, _, _, _) -> {});
    var model = TinyTraining.model(environments, Files.createDirectories(folder));
    return new KillRows(folder, settings, model, ground).measured();
  }

  private List<Row> measured() throws Exception {
    var plain = undisturbed();
    var lanes = new Lanes();
    var control = new AtomicReference<SwitchedOff>();
    List<String> broken;
    try {
      share(lanes, Victim.CONTROL, plain.points(), CONTROL_LANES);
      share(lanes, Victim.AGENT, plain.points(), 1);
      halting(lanes);
      var off = chain("switched-off");
      lanes.add(() -> control.set(switchedOff(off, plain.lasted())));
      share(lanes, Victim.SERVER, plain.points(), 1);
      if (ground.ec2().isPresent()) {
        share(lanes, Victim.HOST, plain.points(), 1);
      } else {
        random(lanes, plain.points());
      }
      broken = lanes.run();
    } finally {
      for (var chain : chains) {
        chain.close();
      }
    }
    return rows(plain, broken.size(), Optional.ofNullable(control.get()));
  }

  private Undisturbed undisturbed() throws Exception {
    try (var chain = new Chain(folder.resolve("undisturbed"), settings, ground)) {
      chain.start(model);
      long start = System.nanoTime();
      if (!new KillLane(chain, List.of(), () -> Victim.AGENT).follow(LIMIT)) {
        throw new IllegalStateException("the chain does not complete even undisturbed");
      }
      var lasted = Duration.ofNanos(System.nanoTime() - start);
      var branch = Branch.of(chain.record());
      return new Undisturbed(branch, KillPoint.of(chain.history().getEvents()), lasted);
    }
  }

  // --- Lanes: homes start one after the other, so that none takes a killed server's port

  private void share(Lanes lanes, Victim victim, List<KillPoint> points, int count)
      throws Exception {
    for (int lane = 0; lane < count; lane++) {
      var mine = new ArrayList<KillPoint>();
      for (int i = lane; i < points.size(); i += count) {
        mine.add(points.get(i));
      }
      var name = victim.name().toLowerCase(Locale.ROOT) + "-" + lane;
      add(lanes, name, mine, () -> victim);
    }
  }

  private void random(Lanes lanes, List<KillPoint> points) throws Exception {
    var random = new Random(SEED);
    var some = new ArrayList<>(points);
    Collections.shuffle(some, random);
    var victims = Victim.PROCESSES;
    add(
        lanes,
        "random",
        some.subList(0, Math.min(RANDOM_KILLS, some.size())),
        () -> victims.get(random.nextInt(victims.size())));
  }

  /** Each has a lane of its own. */
  private List<Victim> victims() {
    return ground.ec2().isPresent() ? List.of(Victim.values()) : Victim.PROCESSES;
  }

  private Chain chain(String name) throws Exception {
    var chain = new Chain(folder.resolve(name), settings, ground);
    chains.add(chain);
    return chain;
  }

  private void add(Lanes lanes, String name, List<KillPoint> points, Supplier<Victim> victims)
      throws Exception {
    var chain = chain(name);
    lanes.add(
        () -> {
          try (chain) {
            chain.start(model);
            var lane = new KillLane(chain, points, victims);
            boolean completed = lane.follow(LIMIT);
            tally.add(run(name, chain, completed, lane.kills(), 0));
          }
        });
  }

  private void halting(Lanes lanes) throws Exception {
    var chain = chain(RECORD);
    lanes.add(
        () -> {
          try (chain;
              var _ = new HaltingChain(chain, "[a-z-]+")) {
            chain.start(model);
            boolean completed = new KillLane(chain, List.of(), () -> Victim.AGENT).follow(LIMIT);
            int halts = StepStarts.halts(chain.puts());
            tally.add(run(RECORD, chain, completed, Map.of(), halts));
          }
        });
  }

  private static Run run(
      String name, Chain chain, boolean completed, Map<Victim, Integer> kills, int halts)
      throws Exception {
    int orphans = chain.orphans(); // first: its two minutes begin with the run's end
    var histories = chain.histories();
    var client = chain.client();
    var puts = chain.puts();
    return new Run(
        name,
        kills,
        halts,
        completed ? Optional.of(chain.record()) : Optional.empty(),
        StepStarts.recorded(puts).size(),
        StepStarts.repeated(puts),
        histories.size(),
        (int) histories.stream().filter(each -> !Replays.match(client, each)).count(),
        (int) histories.stream().filter(each -> !Replays.matchChanged(client, each)).count(),
        chain.launched(),
        orphans);
  }

  // --- The control

  /** The record is gone before the restarted agent looks for it, and then nothing restarts. */
  private SwitchedOff switchedOff(Chain chain, Duration plain) throws Exception {
    try (chain) {
      try (var _ = new HaltingChain(chain, TAKEN)) {
        chain.start(model);
        Waits.must("the first answers", LIMIT, () -> !answered(chain).isEmpty());
        chain.store().delete("steps/" + answered(chain).getFirst() + ".json");
        Waits.until(Duration.ofMinutes(5), () -> !StepStarts.repeated(chain.puts()).isEmpty());
      }
      int repeated = StepStarts.repeated(chain.puts()).size();
      chain.killForGood();
      boolean completed = new KillLane(chain, List.of(), () -> Victim.AGENT).follow(plain);
      return new SwitchedOff(repeated, completed ? 100 : 0, chain.orphans());
    }
  }

  private static List<String> answered(Chain chain) throws Exception {
    return StepStarts.recorded(chain.puts()).stream()
        .filter(step -> step.startsWith(TAKEN))
        .toList();
  }

  // --- Rows

  /** A run whose lane broke has not completed; a control that broke leaves its rows without one. */
  private List<Row> rows(Undisturbed plain, int broken, Optional<SwitchedOff> control) {
    var runs = tally.runs();
    int all = runs.size() + broken + tally.spared(victims());
    long same = runs.stream().filter(run -> run.took(plain.branch())).count();
    int histories = sum(Run::histories);
    var completed =
        Row.measured(COMPLETED, 100.0 * same / all, "%", sum(Run::deaths))
            .atLeast(100)
            .note(completedNote(plain, same, all));
    var repeated =
        Row.measured(REPEATED, sum(run -> run.repeated().size()), "", sum(Run::steps))
            .atMost(0)
            .note("steps of every kind; control: a record is deleted before it is looked up");
    var rows = new ArrayList<Row>();
    rows.add(control.map(off -> completed.control(off.completedPercent())).orElse(completed));
    rows.add(control.map(off -> repeated.control(off.repeated())).orElse(repeated));
    rows.add(
        Row.measured(REPLAY, sum(Run::mismatches), "", histories)
            .atMost(0)
            .control(sum(Run::changedMismatches))
            .note("runs and deployments; control: code that begins with another step"));
    if (ground.ec2().isPresent()) {
      rows.add(orphans(control));
    }
    return rows;
  }

  private Row orphans(Optional<SwitchedOff> control) {
    var orphans = Row.measured(ORPHANS, sum(Run::orphans), "", sum(Run::launched)).atMost(0);
    return control
        .map(off -> orphans.control(off.orphans()))
        .orElse(orphans)
        .note("of all hosts launched; control: control worker and agent are gone for good");
  }

  private String completedNote(Undisturbed plain, long same, int all) {
    var kills = tally.kills();
    var leases = tally.runs().stream().map(Run::leases).collect(Collectors.joining("; "));
    return "%d of %d runs like the undisturbed one (%s); kills: agent %d, control worker %d, server %d, host %d, right after a record %d; undisturbed %d s; control: nothing restarts; leases: %s"
        .formatted(
            same,
            all,
            plain.branch(),
            kills.getOrDefault(Victim.AGENT, 0),
            kills.getOrDefault(Victim.CONTROL, 0),
            kills.getOrDefault(Victim.SERVER, 0),
            kills.getOrDefault(Victim.HOST, 0),
            sum(Run::halts),
            plain.lasted().toSeconds(),
            leases);
  }

  private int sum(ToIntFunction<Run> part) {
    return tally.runs().stream().mapToInt(part).sum();
  }
}
