package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
    family("stale", () -> shown(new StaleRows().rows(effort, folder.resolve("stale"))));
    family("torn", () -> shown(new TornRows().rows(effort, folder.resolve("torn"))));
    family("clock", () -> shown(new ClockRows().rows(effort, folder.resolve("clock"))));
    family("orphans", () -> shown(new OrphanRows().rows(effort, folder.resolve("orphans"))));
    family("trains", this::trains);
    family("kills", () -> shown(KillRows.rows(effort, folder.resolve("chain"), settings)));
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

  /** Over one server, no more trains at a time than the seconds of a row bear. */
  private void trains() throws Exception {
    try (var rig = new Rig(folder.resolve("rig"), settings, Map.of())) {
      var links = new LinkRows(rig);
      var broken = new ArrayList<>(run(lanes -> links.join(lanes, effort)));
      shown(links.rows());
      var notices = new NoticeRows(rig);
      broken.addAll(run(lanes -> notices.join(lanes, effort)));
      shown(notices.rows());
      broken.addAll(ending(rig));
      tell(
          Row.measured("lanes_broken", broken.size(), "", 1)
              .atMost(0)
              .note(String.join("; ", broken)));
    }
  }

  private List<String> ending(Rig rig) throws Exception {
    var exact = new ExactRows(rig);
    var stores = new StoreRows(rig);
    var faults = new FaultRows(rig);
    var broken =
        run(
            lanes -> {
              exact.join(lanes, effort);
              stores.join(lanes, effort);
              faults.join(lanes, effort);
            });
    shown(exact.rows());
    shown(stores.rows());
    shown(faults.rows());
    return broken;
  }

  private static List<String> run(Consumer<Lanes> joining) throws InterruptedException {
    var lanes = new Lanes();
    joining.accept(lanes);
    return lanes.run();
  }
}
