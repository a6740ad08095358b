package io.fettle.data.prepare;

import io.fettle.data.dedup.Fingerprint;
import io.fettle.data.dedup.NearDuplicates;
import io.fettle.data.prepare.PrepareOptions.Duplicates;
import io.fettle.data.prepare.PrepareReport.ClusterReport;
import io.fettle.data.prepare.PrepareReport.ConflictReport;
import io.fettle.data.prepare.PrepareReport.PartReport;
import io.fettle.data.prepare.PrepareReport.SwapReport;
import io.fettle.data.prepare.TokenCounter.TokenCount;
import io.fettle.data.read.Source;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Tally;
import io.fettle.data.version.DatasetManifest;
import io.fettle.data.version.DatasetWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Files to a dataset of three parts. Text lies on disk between the stages; memory holds a record of
 * some 200 bytes a row, and the shingles while near-duplicates are sought.
 */
public final class Preparation {
  private static final int SAMPLES = 20;
  private static final int SHOWN = 5;
  private static final int PERCENT = 80;

  /** Of the heap; the rest of the sketches lies on disk. */
  private static final int SHARE_FOR_SKETCHES = 4;

  /**
   * Rows that were dropped and that the report shows, in normal form, beside the parts; not there
   * where it shows none.
   */
  public static final String DROPPED = "dropped.jsonl";

  /**
   * Which evaluation rows hang together, beside the parts: lines {@code {"part": "dev" or "test",
   * "rows": [ids]}}, one a cluster of two rows and more.
   */
  public static final String CLUSTERS = "clusters.jsonl";

  private final PrepareOptions options;
  private final Means means;
  private final Path work;
  private final DatasetWriter out;
  private final Progress progress;
  private final Tally tally = new Tally();
  private final List<TokenCount> counts = new ArrayList<>();
  private final Map<String, Integer> redactions = new TreeMap<>();

  private QualityReport quality = QualityReport.none();

  private Preparation(
      PrepareOptions options, Means means, Path work, DatasetWriter out, Progress progress) {
    this.options = options;
    this.means = means;
    this.work = work;
    this.out = out;
    this.progress = progress;
  }

  /** Hears how far each stage is, in rows. */
  @FunctionalInterface
  public interface Progress {
    void rows(String stage, long done);
  }

  /**
   * Writes the rows of the three parts and ends them; the caller publishes the manifest. Equal
   * files, options, token counts and grades give equal bytes.
   *
   * @param work an existing folder for what is in between
   * @param out with the parts of {@link Part#words}, nothing written yet
   * @throws io.fettle.data.read.UnreadableFile where a file holds no rows as described
   */
  public static PrepareReport run(
      PrepareOptions options, Means means, Path work, DatasetWriter out, Progress progress)
      throws IOException, InterruptedException {
    return new Preparation(options, means, work, out, progress).run();
  }

  private PrepareReport run() throws IOException, InterruptedException {
    Path scratch = Files.createDirectories(work.resolve("sketches"));
    var near = new NearDuplicates(sketches(scratch));
    try (near) {
      return run(near);
    } finally {
      Files.deleteIfExists(scratch);
    }
  }

  private NearDuplicates.Options sketches(Path scratch) {
    long held = Runtime.getRuntime().maxMemory() / SHARE_FOR_SKETCHES;
    return new NearDuplicates.Options(PERCENT, means.method(), false, Optional.of(scratch), held);
  }

  private PrepareReport run(NearDuplicates near) throws IOException, InterruptedException {
    var held = new HeldItems(options);
    Spool spool = new Spool(work.resolve("rows.jsonl"));
    List<Entry> rows = read(spool, near, held);
    countTokens(spool);
    rows = new TemplateCheck(counts).filter(rows, tally);
    rows = lengthFilter().filter(rows, tally);
    progress.rows("swapped", rows.size());
    SwapReport swaps =
        new SwapCheck(rows, spool, options.threads()).report(options.cleaning().stopsOnSwaps());
    rows = withoutTheWorst(rows, spool);
    progress.rows("near_duplicates", rows.size());
    rows = withoutNearDuplicates(rows, near);
    var neighbours = new Neighbours(rows, near);
    neighbours.join(options.duplicates() == Duplicates.NEAR);
    progress.rows("decontamination", rows.size());
    held.find(rows, spool, options.threads(), work.resolve(DROPPED));
    rows = new Decontamination(neighbours, held).filter(rows, tally);
    List<Entry> pool = rows.stream().filter(row -> !row.inTestSet()).toList();
    List<List<Entry>> clusters = neighbours.clustersOf(pool);
    Split split = Split.of(clusters, options.dev(), options.test(), options.seed());
    progress.rows("write", rows.size());
    Map<Part, PartLengths> lengths = write(rows, split, spool);
    new ClusterFile(work.resolve(CLUSTERS)).write(rows, split, neighbours);
    List<DatasetManifest.Part> written = out.end();
    return new PrepareReport(
        DatasetManifest.datasetHash(written),
        reports(lengths, written),
        tally.counts(),
        Lengths.of(counts, rows),
        clusterReport(clusters, neighbours),
        conflicts(pool),
        held.report(),
        swaps,
        redactions,
        outsideLength(rows),
        quality);
  }

  private List<Entry> withoutTheWorst(List<Entry> rows, Spool spool)
      throws IOException, InterruptedException {
    var grading = means.grading();
    if (grading.isEmpty()) {
      return rows;
    }
    var pool = new QualityFilter.Pool(rows, spool);
    var grades = grading.get().grade(pool, progress);
    quality = grades.report();
    return new QualityFilter(pool, grades.objection()).filter(rows, tally);
  }

  private List<Entry> withoutNearDuplicates(List<Entry> rows, NearDuplicates near)
      throws IOException {
    if (options.duplicates() != Duplicates.NEAR) {
      return rows;
    }
    var filter = new NearDuplicateFilter(new Neighbours(rows, near).kept());
    filter.refuseLosses(place -> idAt(place, rows));
    return filter.filter(rows, tally);
  }

  /** Looked for only where the rows are refused. */
  private static String idAt(int place, List<Entry> rows) {
    return rows.stream().filter(row -> row.place() == place).findFirst().orElseThrow().id();
  }

  private LengthFilter lengthFilter() {
    return new LengthFilter(counts, options.minTokens(), options.maxTokens());
  }

  private List<Entry> read(Spool spool, NearDuplicates near, HeldItems held) throws IOException {
    var reading = new Reading(spool, near, held);
    try (spool;
        var intake = new Intake(options, held, reading)) {
      for (Source source : options.pool()) {
        intake.read(source, false);
      }
      for (Source source : options.testSet()) {
        intake.read(source, true);
      }
      intake.finish();
    }
    reading.batches.refuseUnused(spool.rows());
    return reading.entries;
  }

  private void countTokens(Spool spool) throws IOException, InterruptedException {
    if (spool.rows() == 0) {
      return;
    }
    means
        .counter()
        .count(
            spool.file(),
            count -> {
              counts.add(count);
              progress.rows("template", counts.size());
            });
    if (counts.size() != spool.rows()) {
      throw new IOException(
          "the token counter answered for %d of %d rows".formatted(counts.size(), spool.rows()));
    }
  }

  private Map<Part, PartLengths> write(List<Entry> rows, Split split, Spool spool)
      throws IOException {
    Map<Integer, Part> partOfPlace = new LinkedHashMap<>();
    rows.forEach(
        row -> partOfPlace.put(row.place(), row.inTestSet() ? Part.TEST : split.part(row)));
    Map<Part, PartLengths> lengths = new EnumMap<>(Part.class);
    for (Part part : Part.values()) {
      lengths.put(part, new PartLengths());
    }
    spool
        .lines()
        .forEach(
            (place, buffer, from, to) -> {
              Part part = partOfPlace.get(place);
              if (part != null) {
                out.addLine(part.word(), buffer, from, to);
                lengths.computeIfAbsent(part, _ -> new PartLengths()).add(counts.get(place));
              }
            });
    Files.delete(spool.file());
    return lengths;
  }

  private static List<PartReport> reports(
      Map<Part, PartLengths> lengths, List<DatasetManifest.Part> written) {
    List<PartReport> reports = new ArrayList<>();
    lengths.forEach((part, each) -> reports.add(each.report(part, named(part, written))));
    return reports;
  }

  private static DatasetManifest.Part named(Part part, List<DatasetManifest.Part> written) {
    return written.stream()
        .filter(each -> each.name().equals(part.word()))
        .findFirst()
        .orElseThrow();
  }

  private static ClusterReport clusterReport(List<List<Entry>> clusters, Neighbours neighbours) {
    int inCompany = clusters.stream().mapToInt(List::size).filter(size -> size > 1).sum();
    int largest = clusters.stream().mapToInt(List::size).max().orElse(0);
    List<List<String>> shown =
        clusters.stream()
            .filter(cluster -> cluster.size() > 1)
            .sorted(Comparator.comparingInt((List<Entry> cluster) -> cluster.size()).reversed())
            .limit(SHOWN)
            .map(Preparation::ids)
            .toList();
    return new ClusterReport(clusters.size(), inCompany, largest, neighbours.constants(), shown);
  }

  private static ConflictReport conflicts(List<Entry> pool) {
    Map<Fingerprint, List<Entry>> byPrompt = new LinkedHashMap<>();
    pool.forEach(row -> byPrompt.computeIfAbsent(row.prompt(), _ -> new ArrayList<>()).add(row));
    List<List<Entry>> conflicts =
        byPrompt.values().stream()
            .filter(rows -> rows.stream().map(Entry::response).distinct().count() > 1)
            .toList();
    int rows = conflicts.stream().mapToInt(List::size).sum();
    return new ConflictReport(
        conflicts.size(),
        rows,
        conflicts.stream().flatMap(List::stream).map(Entry::id).limit(SAMPLES).toList(),
        conflicts.stream().limit(SHOWN).map(Preparation::ids).toList());
  }

  private static List<String> ids(List<Entry> rows) {
    return rows.stream().limit(SHOWN).map(Entry::id).toList();
  }

  private int outsideLength(List<Entry> rows) {
    return (int)
        rows.stream()
            .filter(Entry::inTestSet)
            .mapToInt(row -> counts.get(row.place()).tokens())
            .filter(tokens -> tokens < options.minTokens() || tokens > options.maxTokens())
            .count();
  }

  /** The first stages, which every row passes while its file is read. */
  private final class Reading implements Intake.Sink {
    private static final String STAGE = "read";

    private final Spool spool;
    private final NearDuplicates near;
    private final HeldItems held;
    private final ExactDuplicates duplicates =
        new ExactDuplicates(options.duplicates() != Duplicates.NONE);
    private final List<Entry> entries = new ArrayList<>();
    private final Batches batches = new Batches(options.pool());
    private long seen;

    Reading(Spool spool, NearDuplicates near, HeldItems held) {
      this.spool = spool;
      this.near = near;
      this.held = held;
      tally.stage(STAGE);
      options.cleaning().filters().forEach(filter -> tally.stage(filter.name()));
    }

    @Override
    public void row(Intake.Incoming row) throws IOException {
      read();
      if (!row.inTestSet()) {
        filtersPassed(options.cleaning().filters().size());
      }
      row.redacted().forEach((kind, count) -> redactions.merge(kind.name(), count, Integer::sum));
      String batch = row.inTestSet() ? "" : batches.held(row.row().batch());
      Entry entry = Entry.of(row, spool.rows(), batch);
      if (duplicates.passes(entry, tally)) {
        spool.add(row.line());
        near.add(row.sketch());
        entries.add(entry);
        if (!row.inTestSet()) {
          held.add(row, entry.place());
        }
      }
    }

    @Override
    public void refused(Intake.Refused row) {
      read();
      filtersPassed(row.filter());
      tally.stage(filter(row.filter())).drop(row.reason(), row.rowId());
    }

    @Override
    public void bad(Reason reason, String rowId) {
      tally.stage(STAGE).drop(reason, rowId);
      progress.rows(STAGE, ++seen);
    }

    private void read() {
      tally.stage(STAGE).keep();
      progress.rows(STAGE, ++seen);
    }

    private void filtersPassed(int first) {
      for (int i = 0; i < first; i++) {
        tally.stage(filter(i)).keep();
      }
    }

    private String filter(int place) {
      return options.cleaning().filters().get(place).name();
    }
  }
}
