package io.fettle.data.report;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that the page shows of how a dataset was made. It holds rows' texts, so it belongs where rows
 * belong: beside the dataset, and in no history and no log.
 *
 * @param title what people call the dataset
 * @param dataset the dataset hash
 * @param manifest the manifest's hash
 * @param folders that were named instead of files
 * @param parts what came out, in order
 * @param stages what each stage did to each source, stages in order
 * @param lengths of rows in tokens, and what each bound costs
 * @param clusters rows that are alike
 * @param conflicts prompts that are alike and answered differently
 * @param benchmarks whose items rows held: a test set that was brought, and benchmarks
 * @param swaps batches that read backwards
 * @param quality how good others found the rows
 * @param redactions how many places were blacked out, by kind
 * @param examples the first rows as the model sees them, at most a handful
 */
public record PreparedStory(
    String title,
    String dataset,
    String manifest,
    List<Folder> folders,
    List<Part> parts,
    List<StageCount> stages,
    Lengths lengths,
    Clusters clusters,
    Conflicts conflicts,
    List<Benchmark> benchmarks,
    Swaps swaps,
    Quality quality,
    SortedMap<String, Long> redactions,
    List<Example> examples) {
  public PreparedStory {
    folders = List.copyOf(folders);
    parts = List.copyOf(parts);
    stages = List.copyOf(stages);
    benchmarks = List.copyOf(benchmarks);
    redactions = Collections.unmodifiableSortedMap(new TreeMap<>(redactions));
    examples = List.copyOf(examples);
  }

  /**
   * A folder that stood for the files in it.
   *
   * @param files that were read
   * @param leftOut what was not, in words; empty where nothing was left out
   */
  public record Folder(String name, long files, String leftOut) {}

  /**
   * One part.
   *
   * @param tokens of all its rows; 0 where none were counted
   * @param supervisedTokens those that carry the loss
   */
  public record Part(String name, long rows, long tokens, long supervisedTokens) {}

  /**
   * What one stage did to the rows of one source; {@code seen} is {@code kept} plus all dropped.
   *
   * @param source the file, as row ids call it
   */
  public record StageCount(String stage, String source, long seen, long kept, List<Drop> drops) {
    public StageCount {
      drops = List.copyOf(drops);
    }
  }

  /**
   * Rows that ended in a stage for one reason.
   *
   * @param reason a sentence that follows "because the row"
   * @param samples ids of the first of them
   */
  public record Drop(String reason, long rows, List<String> samples) {
    public Drop {
      samples = List.copyOf(samples);
    }
  }

  /**
   * Tokens a row, before the filters and after all of them; both over the same bins.
   *
   * @param before no bins where no tokens were counted
   */
  public record Lengths(Histogram before, Histogram after, List<Bound> bounds) {
    public Lengths {
      bounds = List.copyOf(bounds);
    }
  }

  /**
   * Rows by length.
   *
   * @param edges of the bins in tokens, one more than there are bins; the last bin holds its upper
   *     edge too
   * @param rows of each bin
   */
  public record Histogram(List<Integer> edges, List<Long> rows) {
    public Histogram {
      edges = List.copyOf(edges);
      rows = List.copyOf(rows);
      if (!rows.isEmpty() && edges.size() != rows.size() + 1) {
        throw new IllegalArgumentException(
            "%d bins have %d edges, not %d".formatted(rows.size(), edges.size(), rows.size() + 1));
      }
    }
  }

  /**
   * One bound of the length filter and the rows that it alone costs.
   *
   * @param name {@code at least} or {@code at most}
   */
  public record Bound(String name, long tokens, long rows) {}

  /**
   * Rows that are alike; they stay on one side of the split.
   *
   * @param clusters how many, single rows included
   * @param rowsInCompany rows that are not alone in theirs
   * @param largest rows of the largest
   * @param shown the largest ones
   */
  public record Clusters(long clusters, long rowsInCompany, long largest, List<Cluster> shown) {
    public Clusters {
      shown = List.copyOf(shown);
    }
  }

  /** One cluster and some of its rows. */
  public record Cluster(long rows, List<Sample> samples) {
    public Cluster {
      samples = List.copyOf(samples);
    }
  }

  /** A row's texts. */
  public record Sample(String id, String prompt, String answer) {}

  /** Prompts alike with different answers, all kept. */
  public record Conflicts(long prompts, long rows, List<Conflict> shown) {
    public Conflicts {
      shown = List.copyOf(shown);
    }
  }

  /** One such prompt and the rows that answer it. */
  public record Conflict(List<Sample> samples) {
    public Conflict {
      samples = List.copyOf(samples);
    }
  }

  /**
   * One file of items, and the rows that were dropped because they held some.
   *
   * @param unreadable rows of the file that are no items
   * @param met items that rows held
   * @param rows how many did
   * @param shown the first of them
   */
  public record Benchmark(
      String file, long items, long unreadable, long met, long rows, List<Held> shown) {
    public Benchmark {
      shown = List.copyOf(shown);
    }
  }

  /**
   * Where a row held an item.
   *
   * @param place which of the row's words
   * @param percent of the item's words
   * @param words of the span
   */
  public record Held(String row, String item, String place, int percent, String words) {}

  /**
   * What the search for swapped fields said.
   *
   * @param finding a sentence, such as why nothing can be told
   */
  public record Swaps(String finding, List<Batch> batches) {
    public Swaps {
      batches = List.copyOf(batches);
    }
  }

  /** A batch of which so many rows read backwards. */
  public record Batch(String name, long rows, long backwards, List<Sample> samples) {
    public Batch {
      samples = List.copyOf(samples);
    }
  }

  /**
   * How good others found the rows.
   *
   * @param by who was asked, a sentence; empty where nobody was
   * @param scores by source, from the lowest up
   * @param flags by source, the oddest first
   */
  public record Quality(String by, List<Scored> scores, List<Flagged> flags) {
    public Quality {
      scores = List.copyOf(scores);
      flags = List.copyOf(flags);
    }
  }

  /**
   * Rows of one source by score.
   *
   * @param withoutScore rows without one, which stay
   */
  public record Scored(String source, List<Level> levels, long withoutScore) {
    public Scored {
      levels = List.copyOf(levels);
    }
  }

  /** Rows with one score, and whether they were dropped for it. */
  public record Level(double score, long rows, boolean cut) {}

  /**
   * Rows of one source that stand off among their peers; all stay.
   *
   * @param compared rows that have peers
   * @param rows how many stand off
   */
  public record Flagged(String source, long compared, long rows, List<Flag> shown) {
    public Flagged {
      shown = List.copyOf(shown);
    }
  }

  /**
   * One of them.
   *
   * @param off how far, in standard deviations
   * @param peers what it was compared with, in words
   */
  public record Flag(Sample row, double off, String peers) {}

  /** A row as rendered by the chat template. */
  public record Example(String id, List<Span> spans) {
    public Example {
      spans = List.copyOf(spans);
    }
  }

  /** A piece of it that carries the loss, or does not. */
  public record Span(String text, boolean supervised) {}
}
