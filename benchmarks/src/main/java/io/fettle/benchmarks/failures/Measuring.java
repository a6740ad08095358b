package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.capacity.RunningEc2;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The families of rows, one after another; one that breaks takes none of the others with it. */
final class Measuring {
  private static final Logger LOG = LoggerFactory.getLogger(Measuring.class);

  /** How the names of a group's rows begin. */
  private static final List<String> LINKS =
      List.of("blackout_", "cut_", "kills_", "lost_steps_", "provider_word_");

  private static final List<String> NOTICES = List.of("notice_");
  private static final List<String> OTHERS =
      List.of(
          "resumed_",
          "damaged_",
          "store_faults_",
          "misclassified_",
          "user_retries_",
          "deterministic_",
          "fatal_");

  private static final List<String> CHAIN =
      List.of("completed_", "gpu_steps_", "replay_", "orphan_hosts_");

  private final Effort effort;
  private final Path folder;
  private final Settings settings;
  private final Ground ground;
  private final Consumer<Row> known;
  private final List<Row> rows = new ArrayList<>();

  /**
   * @param ground where its hosts are launched, only the rows that hosts have a part in
   */
  Measuring(Effort effort, Path folder, Settings settings, Ground ground, Consumer<Row> known) {
    this.effort = effort;
    this.folder = folder;
    this.settings = settings;
    this.ground = ground;
    this.known = known;
  }

  List<Row> rows() throws InterruptedException {
    tell(
        Row.measured("factor", settings.factor(), "", 1)
            .atMost(20)
            .note(
                "lease %s, heartbeats, cuts and back-off are shorter by it"
                    .formatted(settings.lease())));
    if (!launches()) {
      withoutTrainers();
    }
    family("trains", this::trains);
    if (wants(CHAIN)) {
      family(
          "kills", () -> shown(KillRows.rows(effort, folder.resolve("chain"), settings, ground)));
    }
    return List.copyOf(rows);
  }

  private void withoutTrainers() throws InterruptedException {
    if (wants(List.of("stale_"))) {
      family("stale", () -> shown(StaleRows.rows(effort, folder.resolve("stale"))));
    }
    if (wants(List.of("torn_"))) {
      family("torn", () -> shown(new TornRows().rows(effort, folder.resolve("torn"))));
    }
    if (wants(List.of("clock_"))) {
      family("clock", () -> shown(new ClockRows().rows(effort, folder.resolve("clock"))));
    }
    if (wants(List.of("orphan_local_", "live_local_"))) {
      family("orphans", () -> shown(new OrphanRows().rows(effort, folder.resolve("orphans"))));
    }
  }

  private boolean launches() {
    return ground.ec2().isPresent();
  }

  private boolean wants(List<String> names) {
    return names.stream().anyMatch(name -> effort.wants(published(name)));
  }

  private String published(String name) {
    return launches() ? RunningEc2.POOL + "_" + name : name;
  }

  private interface Family {
    void measure() throws Exception;
  }

  private void family(String name, Family family) throws InterruptedException {
    try {
      family.measure();
    } catch (InterruptedException stopped) {
      throw stopped;
    } catch (Exception broke) {
      LOG.error("the {} broke", name, broke);
      tell(Row.measured(name + "_broken", 1, "", 1).atMost(0).note(broke.toString()));
    }
  }

  private void shown(List<Row> measured) {
    measured.stream().map(Row::shownByControl).forEach(this::tell);
  }

  private void tell(Row row) {
    var named = row.named(published(row.name()));
    rows.add(named);
    known.accept(named);
  }

  /**
   * Over one server. Where seconds are measured no more trains run at a time than they bear, else
   * all at once.
   */
  private void trains() throws Exception {
    if (!wants(LINKS) && !wants(NOTICES) && !wants(OTHERS)) {
      return;
    }
    try (var rig = new Rig(folder.resolve("rig"), settings, ground)) {
      var broken = new ArrayList<String>();
      var groups = groups(rig);
      for (var group : effort.isQuick() ? List.of(Group.of(groups)) : groups) {
        broken.addAll(run(group.join()));
        shown(group.rows().get());
      }
      broken.addAll(orphans(rig));
      tell(
          Row.measured("lanes_broken", broken.size(), "", 1)
              .atMost(0)
              .note(String.join("; ", broken)));
    }
  }

  private List<Group> groups(Rig rig) {
    var groups = new ArrayList<Group>();
    if (wants(LINKS)) {
      var links = new LinkRows(rig);
      groups.add(new Group(lanes -> links.join(lanes, effort), links::rows));
    }
    if (wants(NOTICES)) {
      var notices = new NoticeRows(rig);
      groups.add(new Group(lanes -> notices.join(lanes, effort), notices::rows));
    }
    if (wants(OTHERS)) {
      groups.add(others(rig));
    }
    return groups;
  }

  private Group others(Rig rig) {
    var exact = new ExactRows(rig);
    var stores = new StoreRows(rig);
    var faults = new FaultRows(rig);
    return launches()
        ? new Group(
            lanes -> {
              exact.join(lanes, effort);
              faults.joinOfTheCloud(lanes, effort);
            },
            () -> Stream.of(exact.rows(), faults.ofTheCloud()).flatMap(List::stream).toList())
        : new Group(
            lanes -> {
              exact.join(lanes, effort);
              stores.join(lanes, effort);
              faults.join(lanes, effort);
            },
            () ->
                Stream.of(exact.rows(), stores.rows(), faults.rows())
                    .flatMap(List::stream)
                    .toList());
  }

  /** Those of trains that were over, each by its own two minutes, and whatever is left at last. */
  private static List<String> orphans(Rig rig) throws Exception {
    Waits.until(Rig.AFTERWARDS, () -> rig.paidFor().isEmpty());
    return Stream.concat(rig.outlived().stream(), rig.paidFor().stream())
        .distinct()
        .map(host -> host + " outlived its run")
        .toList();
  }

  /** Trains that run at the same time, and the rows that they are for. */
  private record Group(Consumer<Lanes> join, Supplier<List<Row>> rows) {
    static Group of(List<Group> all) {
      return new Group(
          lanes -> all.forEach(each -> each.join().accept(lanes)),
          () -> all.stream().flatMap(each -> each.rows().get().stream()).toList());
    }
  }

  private static List<String> run(Consumer<Lanes> joining) throws InterruptedException {
    var lanes = new Lanes();
    joining.accept(lanes);
    return lanes.run();
  }
}
