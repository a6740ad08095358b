package io.fettle.data.prepare;

import io.fettle.data.quality.LossFlags;
import io.fettle.data.quality.LossFlags.Loss;
import io.fettle.data.quality.LossFlags.Standing;
import io.fettle.data.quality.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How good the rows of the pool are by what others say of them. Holds counts and row numbers, never
 * text.
 *
 * @param judged what a judge said; empty where none was asked
 * @param flagged rows that a base model finds odd; empty where it was not asked
 */
public record QualityReport(Optional<Judged> judged, Optional<Flagged> flagged) {
  /** Nobody was asked. */
  public static QualityReport none() {
    return new QualityReport(Optional.empty(), Optional.empty());
  }

  /**
   * A judge's scores.
   *
   * @param model its name
   * @param prompt SHA-256 of all that it was told but the row
   * @param failed rows that it could not be asked about; these, too, have no score and stay
   */
  public record Judged(String model, String prompt, long failed, List<Source> sources) {
    public Judged {
      sources = List.copyOf(sources);
    }

    static Judged of(Scores.Cut cut, long failed) {
      List<Source> sources = new ArrayList<>();
      cut.sources().forEach((name, source) -> sources.add(Source.of(name, source)));
      return new Judged(cut.column().model(), cut.column().prompt(), failed, sources);
    }
  }

  /**
   * The rows of one source by score.
   *
   * @param levels from the lowest score up
   * @param withoutScore rows without one, which stay
   */
  public record Source(String source, List<Level> levels, long withoutScore) {
    public Source {
      levels = List.copyOf(levels);
    }

    private static Source of(String name, Scores.Cut.Source source) {
      List<Level> levels = new ArrayList<>();
      source
          .levels()
          .forEach((score, rows) -> levels.add(new Level(score, rows, score < source.least())));
      return new Source(name, levels, source.withoutScore());
    }
  }

  /** Rows with one score, and whether they are dropped for it. */
  public record Level(double score, long rows, boolean cut) {}

  /**
   * Rows whose prompts help a base model less to their answers than those of their peers; see
   * {@link LossFlags}. All of them stay.
   *
   * @param least how far off a flagged row stands, in standard deviations of its source
   */
  public record Flagged(double least, List<FlaggedSource> sources) {
    private static final double LEAST = 3;
    private static final int SHOWN = 50;

    public Flagged {
      sources = List.copyOf(sources);
    }

    /** The usual flags of these losses. */
    public static Flagged of(List<Loss> losses) {
      Map<String, List<Standing>> bySource =
          LossFlags.standings(losses).stream()
              .collect(Collectors.groupingBy(Standing::source, TreeMap::new, Collectors.toList()));
      List<FlaggedSource> sources = new ArrayList<>();
      bySource.forEach((source, standings) -> sources.add(flagged(source, standings)));
      return new Flagged(LEAST, sources);
    }

    private static FlaggedSource flagged(String source, List<Standing> standings) {
      List<Flag> flags =
          standings.stream()
              .filter(row -> row.excess() >= LEAST)
              .map(row -> new Flag(row.id(), row.excess(), row.peers(), row.ofLabel()))
              .toList();
      return new FlaggedSource(
          source,
          standings.size(),
          standings.stream().filter(Standing::ofLabel).count(),
          flags.size(),
          flags.subList(0, Math.min(SHOWN, flags.size())));
    }
  }

  /**
   * The flags of one source.
   *
   * @param compared rows that have peers
   * @param ofLabel those that were compared with the rows of their label alone
   * @param flagged how many stand off
   * @param shown the first of them, the oddest first
   */
  public record FlaggedSource(
      String source, long compared, long ofLabel, long flagged, List<Flag> shown) {
    public FlaggedSource {
      shown = List.copyOf(shown);
    }
  }

  /** A row that stands off; numbers as in {@link Standing}. */
  public record Flag(String id, double excess, int peers, boolean ofLabel) {}
}
