package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The families of rows, one after another; one that breaks takes none of the others with it. */
final class Measuring {
  private static final Logger LOG = LoggerFactory.getLogger(Measuring.class);

  private final Effort effort;
  private final Path folder;
  private final Settings settings;
  private final Consumer<Row> known;
  private final List<Row> rows = new ArrayList<>();

  Measuring(Effort effort, Path folder, Settings settings, Consumer<Row> known) {
    this.effort = effort;
    this.folder = folder;
    this.settings = settings;
    this.known = known;
  }

  List<Row> rows() throws InterruptedException {
    tell(
        Row.measured("factor", settings.factor(), "", 1)
            .atMost(20)
            .note(
                "lease %s, heartbeats, cuts and back-off are shorter by it"
                    .formatted(settings.lease())));
    family("stale", () -> shown(StaleRows.rows(effort, folder.resolve("stale"))));
    family("torn", () -> shown(new TornRows().rows(effort, folder.resolve("torn"))));
    family("clock", () -> shown(new ClockRows().rows(effort, folder.resolve("clock"))));
    family("orphans", () -> shown(new OrphanRows().rows(effort, folder.resolve("orphans"))));
    family("trains", this::trains);
    family(
        "kills",
        () -> shown(KillRows.rows(effort, folder.resolve("chain"), settings, Optional.empty())));
    return List.copyOf(rows);
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
    rows.add(row);
    known.accept(row);
  }

  /**
   * Over one server. Where seconds are measured no more trains run at a time than they bear, else
   * all at once.
   */
  private void trains() throws Exception {
    try (var rig = new Rig(folder.resolve("rig"), settings, Optional.empty())) {
      var links = new LinkRows(rig);
      var notices = new NoticeRows(rig);
      var exact = new ExactRows(rig);
      var stores = new StoreRows(rig);
      var faults = new FaultRows(rig);
      var broken = new ArrayList<String>();
      var groups =
          List.of(
              new Group(lanes -> links.join(lanes, effort), links::rows),
              new Group(lanes -> notices.join(lanes, effort), notices::rows),
              new Group(
                  lanes -> {
                    exact.join(lanes, effort);
                    stores.join(lanes, effort);
                    faults.join(lanes, effort);
                  },
                  () ->
                      Stream.of(exact.rows(), stores.rows(), faults.rows())
                          .flatMap(List::stream)
                          .toList()));
      for (var group : effort.isQuick() ? List.of(Group.of(groups)) : groups) {
        broken.addAll(run(group.join()));
        shown(group.rows().get());
      }
      tell(
          Row.measured("lanes_broken", broken.size(), "", 1)
              .atMost(0)
              .note(String.join("; ", broken)));
    }
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
