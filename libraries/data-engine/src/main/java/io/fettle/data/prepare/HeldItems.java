package io.fettle.data.prepare;

import io.fettle.data.contamination.Contamination;
import io.fettle.data.contamination.Match;
import io.fettle.data.prepare.PrepareReport.ContaminationReport;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import io.fettle.data.row.Tally;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which rows of the pool hold items of the user's test set or of benchmarks. Rows are numbered by
 * their places in the spool.
 */
final class HeldItems {
  /** Of the heap; as much is set aside for sketches. */
  private static final int SHARE_FOR_ITEMS = 4;

  private static final int SHOWN = 10;
  private static final int BATCH = 64;

  private final Contamination contamination;
  private final int testFiles;
  private final List<OfFile> files;
  private final BitSet suspicious = new BitSet();
  private final Map<Integer, Reason> reasons = new HashMap<>();

  /** What was found of a file's items. */
  private static final class OfFile {
    private final Tally.Counts items;
    private final Set<Long> met = new HashSet<>();
    private final List<ContaminationReport.Span> spans = new ArrayList<>();
    private int rows;

    OfFile(Tally.Counts items) {
      this.items = items;
    }

    private ContaminationReport.Items report() {
      return new ContaminationReport.Items(
          items.stage(), items.kept(), items.drops(), met.size(), rows, spans);
    }
  }

  private record Line(int place, String text) {}

  private record Looked(Line line, Row row, List<Match> matches) {}

  /** Reads the items. */
  HeldItems(PrepareOptions options) throws IOException {
    long held = Runtime.getRuntime().maxMemory() / SHARE_FOR_ITEMS;
    contamination = new Contamination(options.testSet(), options.benchmarks(), held);
    testFiles = options.testSet().size();
    files = contamination.files().stream().map(OfFile::new).toList();
    for (OfFile benchmark : files.subList(testFiles, files.size())) {
      refuseEmpty(benchmark.items);
    }
  }

  private static void refuseEmpty(Tally.Counts benchmark) throws RefusedRows {
    if (benchmark.kept() == 0) {
      String first =
          benchmark.drops().stream()
              .findFirst()
              .map(drop -> "; the first %s".formatted(drop.reason().meaning()))
              .orElse("");
      throw new RefusedRows(
          "the benchmark %s holds no item in %d rows%s: name the field of its question, or leave the file out"
              .formatted(benchmark.stage(), benchmark.seen(), first));
    }
  }

  /** Looks at a row, on any thread. */
  Contamination.Met met(Row row) {
    return contamination.met(row);
  }

  /** Takes a row of the pool into account, in the order of the rows. */
  void add(Intake.Incoming row, int place) {
    contamination.count(row.met(), row.row().source());
    if (row.met().isSuspicious()) {
      suspicious.set(place);
    }
  }

  /**
   * Reads again which of some rows hold what.
   *
   * @param shown where rows are written that the report shows
   */
  void find(List<Entry> rows, Spool spool, int threads, Path shown) throws IOException {
    contamination.seal();
    var wanted = new BitSet();
    rows.stream().filter(row -> !row.inTestSet()).forEach(row -> wanted.set(row.place()));
    wanted.and(suspicious);
    if (wanted.isEmpty()) {
      return;
    }
    try (var out = Files.newBufferedWriter(shown);
        var work = new InOrder<List<Looked>>(threads, looked -> take(looked, out))) {
      List<Line> batch = new ArrayList<>();
      spool
          .lines()
          .forEach(
              (place, buffer, from, to) -> {
                if (wanted.get(place)) {
                  batch.add(
                      new Line(place, new String(buffer, from, to - from, StandardCharsets.UTF_8)));
                }
                if (batch.size() == BATCH) {
                  add(batch, work);
                }
              });
      add(batch, work);
      work.finish();
    }
  }

  private void add(List<Line> batch, InOrder<List<Looked>> work) throws IOException {
    List<Line> lines = List.copyOf(batch);
    batch.clear();
    work.add(
        () -> {
          List<Looked> looked = new ArrayList<>();
          for (Line line : lines) {
            Row row = RowJson.row(line.text());
            looked.add(new Looked(line, row, contamination.matches(row)));
          }
          return looked;
        });
  }

  private void take(List<Looked> batch, BufferedWriter shown) throws IOException {
    for (Looked looked : batch) {
      if (!looked.matches().isEmpty()) {
        boolean holdsTest = looked.matches().stream().anyMatch(this::isOfTestSet);
        reasons.put(looked.line().place(), holdsTest ? Reason.NEAR_TEST : Reason.BENCHMARK_MATCH);
        if (noted(looked)) {
          shown.write(looked.line().text());
        }
      }
    }
  }

  private boolean isOfTestSet(Match match) {
    return match.file() < testFiles;
  }

  /**
   * Counts what the row holds of each file, and says whether it is one of the first to hold some.
   */
  private boolean noted(Looked looked) {
    Set<Integer> seen = new HashSet<>();
    boolean shown = false;
    for (Match match : looked.matches()) {
      OfFile file = files.get(match.file());
      file.met.add(match.line());
      if (seen.add(match.file()) && file.rows++ < SHOWN) {
        file.spans.add(span(looked.row(), match, file));
        shown = true;
      }
    }
    return shown;
  }

  private static ContaminationReport.Span span(Row row, Match match, OfFile file) {
    return new ContaminationReport.Span(
        row.id(),
        file.items.stage() + ":" + match.line(),
        match.from(),
        match.to(),
        match.percent(),
        match.isWhole());
  }

  /** What speaks against a row, after {@link #find}. */
  Optional<Reason> objection(Entry row) {
    return Optional.ofNullable(reasons.get(row.place()));
  }

  ContaminationReport report() {
    return new ContaminationReport(
        contamination.constants(), files.stream().map(OfFile::report).toList());
  }
}
