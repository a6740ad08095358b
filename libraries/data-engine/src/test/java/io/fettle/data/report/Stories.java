package io.fettle.data.report;

import io.fettle.data.report.PreparedStory.Batch;
import io.fettle.data.report.PreparedStory.Benchmark;
import io.fettle.data.report.PreparedStory.Bound;
import io.fettle.data.report.PreparedStory.Cluster;
import io.fettle.data.report.PreparedStory.Clusters;
import io.fettle.data.report.PreparedStory.Conflict;
import io.fettle.data.report.PreparedStory.Conflicts;
import io.fettle.data.report.PreparedStory.Drop;
import io.fettle.data.report.PreparedStory.Example;
import io.fettle.data.report.PreparedStory.Flag;
import io.fettle.data.report.PreparedStory.Flagged;
import io.fettle.data.report.PreparedStory.Folder;
import io.fettle.data.report.PreparedStory.Held;
import io.fettle.data.report.PreparedStory.Histogram;
import io.fettle.data.report.PreparedStory.Lengths;
import io.fettle.data.report.PreparedStory.Level;
import io.fettle.data.report.PreparedStory.Part;
import io.fettle.data.report.PreparedStory.Quality;
import io.fettle.data.report.PreparedStory.Sample;
import io.fettle.data.report.PreparedStory.Scored;
import io.fettle.data.report.PreparedStory.Span;
import io.fettle.data.report.PreparedStory.StageCount;
import io.fettle.data.report.PreparedStory.Swaps;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A story with something in every section, each text of it hostile. */
final class Stories {
  static final String HOSTILE =
      "</pre></script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\"> 100%s";

  private Stories() {}

  static PreparedStory hostile() {
    var sample = new Sample("a.csv:3", HOSTILE, HOSTILE);
    var edges = List.of(0, 64, 128, 192);
    return new PreparedStory(
        "support " + HOSTILE,
        "ab".repeat(32),
        "cd".repeat(32),
        List.of(new Folder("exports/" + HOSTILE, 12, "1 left out: notes.txt")),
        List.of(new Part("train", 1_234, 98_765, 4_321), new Part("dev", 56, 4_000, 200)),
        List.of(
            new StageCount(
                "read",
                "a.csv" + HOSTILE,
                2_000,
                1_990,
                List.of(new Drop("is not one JSON object", 10, List.of("a.csv:1", "a.csv:2")))),
            new StageCount("read", "b.csv", 300, 300, List.of()),
            new StageCount("length", "b.csv", 300, 200, List.of())),
        new Lengths(
            new Histogram(edges, List.of(700L, 900L, 77L)),
            new Histogram(edges, List.of(600L, 850L, 0L)),
            List.of(new Bound("at least", 50, 143), new Bound("at most", 4_096, 77))),
        new Clusters(1_100, 190, 31, List.of(new Cluster(31, List.of(sample, sample)))),
        new Conflicts(7, 18, List.of(new Conflict(List.of(sample)))),
        List.of(
            new Benchmark(
                "maths.jsonl" + HOSTILE,
                1_319,
                2,
                3,
                5,
                List.of(new Held("a.csv:9", "maths.jsonl:12", "3 to 30", 96, HOSTILE)))),
        new Swaps("1 batch reads backwards", List.of(new Batch("b.csv", 50, 48, List.of(sample)))),
        new Quality(
            "judge " + HOSTILE,
            List.of(
                new Scored(
                    "a.csv", List.of(new Level(1, 120, true), new Level(4.5, 1_870, false)), 3)),
            List.of(new Flagged("b.csv", 290, 7, List.of(new Flag(sample, 4.26, "31 rows"))))),
        new TreeMap<>(Map.of("iban", 3L, "email", 17L)),
        List.of(example()));
  }

  private static Example example() {
    return new Example("a.csv:3", List.of(new Span(HOSTILE, false), new Span(HOSTILE, true)));
  }

  static PreparedStory empty() {
    var none = new Histogram(List.of(), List.of());
    return new PreparedStory(
        "nothing",
        "",
        "",
        List.of(),
        List.of(),
        List.of(),
        new Lengths(none, none, List.of()),
        new Clusters(0, 0, 0, List.of()),
        new Conflicts(0, 0, List.of()),
        List.of(),
        new Swaps("cannot tell: too few rows", List.of()),
        new Quality("", List.of(), List.of()),
        new TreeMap<>(),
        List.of());
  }
}
