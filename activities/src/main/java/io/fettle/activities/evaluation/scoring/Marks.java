package io.fettle.activities.evaluation.scoring;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * One arm's items, marked. Items are numbered as their answers came; marks and metrics are
 * fractions. Does not change once made.
 */
public final class Marks {
  private final Kind kind;
  private final double[] marks;
  private final boolean[] valid;
  private final Map<Integer, String> notes;
  private final Map<Integer, List<Ruling>> rulings;
  private final NavigableMap<String, Double> extras;
  private final ToDoubleFunction<int[]> metric;

  private Marks(Sheet sheet, Kind kind, ToDoubleFunction<int[]> metric) {
    this.kind = kind;
    this.marks = sheet.marks.clone();
    this.valid = sheet.valid.clone();
    this.notes = Map.copyOf(sheet.notes);
    this.rulings = Map.copyOf(sheet.rulings);
    this.extras = Collections.unmodifiableNavigableMap(new TreeMap<>(sheet.extras));
    this.metric = metric;
  }

  /** Marks that came from elsewhere, every answer valid. */
  public static Marks rightOrWrong(List<Boolean> rights) {
    var sheet = new Sheet(rights.size());
    for (int item = 0; item < rights.size(); item++) {
      sheet.mark(item, rights.get(item));
    }
    return sheet.rightOrWrong();
  }

  /** What the headline metric is of the marks; which interval is right depends on it. */
  public enum Kind {
    /** The share of items marked 1; every other mark is 0. */
    RIGHT_OR_WRONG,
    /** The mean of marks in [0, 1]. */
    MEAN,
    /** No mean of marks: only a resample of items says how it varies. */
    RESAMPLED
  }

  public Kind kind() {
    return kind;
  }

  public int items() {
    return marks.length;
  }

  /** The item's mark, from 0 to 1. */
  public double mark(int item) {
    return marks[item];
  }

  public boolean right(int item) {
    return marks[item] == 1;
  }

  /** Whether the answer has the task's form, right or not. */
  public boolean valid(int item) {
    return valid[item];
  }

  /**
   * Why the item is marked so, where the scorer has a reason. May quote rows: for the store only.
   */
  public Optional<String> note(int item) {
    return Optional.ofNullable(notes.get(item));
  }

  /**
   * A judge's answer to one yes/no question about an item.
   *
   * @param said {@code yes}, {@code no} or {@code unsure}
   * @param reason as it gave it; may quote rows: for the store only
   * @param unanimous whether it said the same every time that it was asked
   */
  public record Ruling(String said, String reason, boolean unanimous) {}

  /** What a judge said of the item, a question each; empty where none was asked. */
  public List<Ruling> rulings(int item) {
    return rulings.getOrDefault(item, List.of());
  }

  /** The headline metric over these items, with repeats. */
  public double score(int[] items) {
    return metric.applyAsDouble(items);
  }

  /** The headline metric over all items; 0 where there are none. */
  public double score() {
    return items() == 0 ? 0 : score(IntStream.range(0, items()).toArray());
  }

  public int rights() {
    return (int) IntStream.range(0, items()).filter(this::right).count();
  }

  public int invalid() {
    return (int) IntStream.range(0, items()).filter(item -> !valid[item]).count();
  }

  /** What else was measured, by name. Describes; decides nothing. */
  public NavigableMap<String, Double> extras() {
    return extras;
  }

  /** What a scorer fills in; every item begins as wrong and valid. */
  static final class Sheet {
    private final double[] marks;
    private final boolean[] valid;
    private final Map<Integer, String> notes = new TreeMap<>();
    private final Map<Integer, List<Ruling>> rulings = new TreeMap<>();
    private final Map<String, Double> extras = new TreeMap<>();

    Sheet(int items) {
      this.marks = new double[items];
      this.valid = new boolean[items];
      Arrays.fill(valid, true);
    }

    void mark(int item, boolean right) {
      mark(item, right ? 1.0 : 0.0);
    }

    void mark(int item, double mark) {
      if (!(mark >= 0 && mark <= 1)) {
        throw new IllegalArgumentException(
            "item %d is marked %s; a mark lies from 0 to 1".formatted(item, mark));
      }
      marks[item] = mark;
    }

    /** Not of the task's form, hence wrong. */
    void invalid(int item, String why) {
      marks[item] = 0;
      valid[item] = false;
      note(item, why);
    }

    void note(int item, String why) {
      if (!why.isEmpty()) {
        notes.put(item, why);
      }
    }

    void rulings(int item, List<Ruling> said) {
      rulings.put(item, List.copyOf(said));
    }

    void extra(String name, double value) {
      extras.put(name, value);
    }

    void count(String name) {
      extras.merge(name, 1.0, Double::sum);
    }

    /** A count's share of all items; 0 of none. */
    void share(String name, long count) {
      extra(name, marks.length == 0 ? 0 : count / (double) marks.length);
    }

    Marks rightOrWrong() {
      return made(Kind.RIGHT_OR_WRONG, mean());
    }

    Marks mean(boolean rightOrWrong) {
      return made(rightOrWrong ? Kind.RIGHT_OR_WRONG : Kind.MEAN, mean());
    }

    Marks resampled(ToDoubleFunction<int[]> metric) {
      return made(Kind.RESAMPLED, metric);
    }

    private Marks made(Kind kind, ToDoubleFunction<int[]> metric) {
      share("invalid_rate", IntStream.range(0, valid.length).filter(i -> !valid[i]).count());
      return new Marks(this, kind, metric);
    }

    private ToDoubleFunction<int[]> mean() {
      double[] of = marks.clone();
      return items -> {
        double sum = 0;
        for (int item : items) {
          sum += of[item];
        }
        return sum / items.length;
      };
    }
  }
}
