package io.fettle.data.row;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What every stage saw, kept and dropped, with the numbers of the first rows of each reason.
 * Nothing leaves the pipeline without passing here. Not for use by several threads.
 */
public final class Tally {
  /** Enough to look at, few enough to read. */
  static final int SAMPLES = 20;

  private final Map<String, Stage> stages = new LinkedHashMap<>();

  /** The counter of a stage, made at its first use; stages are reported in that order. */
  public Stage stage(String name) {
    return stages.computeIfAbsent(name, Stage::new);
  }

  /** The counts so far, in the order of the stages. */
  public List<Counts> counts() {
    return stages.values().stream().map(Stage::counts).toList();
  }

  /** One stage's counter. */
  public static final class Stage {
    private final String name;
    private final Map<Reason, Dropped> dropped = new EnumMap<>(Reason.class);
    private long kept;

    private Stage(String name) {
      this.name = name;
    }

    /** Counts a row that goes on. */
    public void keep() {
      kept++;
    }

    /** Counts a row that ends here. */
    public void drop(Reason reason, String rowId) {
      dropped.computeIfAbsent(reason, _ -> new Dropped()).add(rowId);
    }

    private Counts counts() {
      List<Counts.Drop> drops = new ArrayList<>();
      dropped.forEach(
          (reason, rows) ->
              drops.add(new Counts.Drop(reason, rows.count, List.copyOf(rows.samples))));
      long gone = drops.stream().mapToLong(Counts.Drop::rows).sum();
      return new Counts(name, kept + gone, kept, drops);
    }
  }

  private static final class Dropped {
    private final List<String> samples = new ArrayList<>();
    private long count;

    private void add(String rowId) {
      count++;
      if (samples.size() < SAMPLES) {
        samples.add(rowId);
      }
    }
  }

  /**
   * The counts of one stage; {@code seen} is always {@code kept} plus everything dropped.
   *
   * @param stage the stage's name
   * @param seen rows that came in
   * @param kept rows that went on
   * @param drops rows that ended here, by reason
   */
  public record Counts(String stage, long seen, long kept, List<Drop> drops) {
    public Counts {
      drops = List.copyOf(drops);
    }

    /** Rows dropped for one reason, and the ids (file and line) of the first of them. */
    public record Drop(Reason reason, long rows, List<String> samples) {
      public Drop {
        samples = List.copyOf(samples);
      }
    }
  }
}
