package io.fettle.activities.evaluation.rating;

import io.fettle.statistics.Agreement;
import io.fettle.statistics.Interval;
import io.fettle.statistics.JudgeCorrection;
import io.fettle.statistics.Proportions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.DoublePredicate;

/**
 * What people said of a {@link BlindSheet}. A rater prefers an answer where both rows of its item
 * say so; otherwise the item is a tie of that rater. Of several raters an item is the side that
 * their mean is on.
 */
public final class Ratings {
  private static final double CONFIDENCE = 0.95;
  private static final double TIE = 0.5;

  /** Fewer say nothing of an interval by the normal distribution. */
  private static final int FEWEST = 2;

  private final BlindSheet.Key key;
  private final Map<String, Map<String, Double>> byRater = new LinkedHashMap<>();
  private final List<Rater> raters = new ArrayList<>();

  /**
   * What a file says of itself.
   *
   * @param sheets the names of the sheets that its rows are of
   * @param rater empty where it does not say
   */
  public record Head(Set<String> sheets, Optional<String> rater) {}

  /**
   * One rater.
   *
   * @param missing rows without a word, of {@code rows} of the sheet
   * @param items rated in both orders
   * @param consistency of those, the share on which both orders agree; 1 of none
   * @param firstSlot of all decided rows, the share that took the first answer shown; a half of
   *     none
   */
  public record Rater(
      String name,
      int rows,
      int missing,
      int items,
      double consistency,
      double firstSlot,
      int wins,
      int ties,
      int losses) {}

  /** Two raters over the items that both rated: Cohen's kappa of ours, tie, theirs. */
  public record Agreed(String one, String other, int items, Interval kappa) {}

  /** So many items, and what share of all rated ones with Wilson's 95 % interval. */
  public record Share(int items, Interval share) {}

  /**
   * What all of it comes to.
   *
   * @param items rated by anybody in both orders
   * @param wins where ours is preferred; {@code losses} where theirs is
   * @param preference for ours: the mean over items; its interval is Wilson's, which for marks
   *     between 0 and 1 is rather too wide
   * @param preferences by item: the mean over its raters of 1, a half and 0
   */
  public record Summary(
      int items,
      Share wins,
      Share ties,
      Share losses,
      Interval preference,
      Map<String, Double> preferences,
      List<Rater> raters,
      List<Agreed> agreement) {
    public Summary {
      preferences = Collections.unmodifiableMap(new TreeMap<>(preferences));
      raters = List.copyOf(raters);
      agreement = List.copyOf(agreement);
    }
  }

  /**
   * A judge beside people.
   *
   * @param items that both rated
   * @param kappa Cohen's, of ours, tie, theirs
   * @param judged the judge's mean preference for ours, of {@code judgedItems}
   * @param corrected what people's would be of as many; empty where too few are left to say. By
   *     {@link JudgeCorrection#predictionPowered}
   */
  public record BesideJudge(
      int items, Interval kappa, double judged, int judgedItems, Optional<Interval> corrected) {}

  public Ratings(BlindSheet.Key key) {
    this.key = key;
  }

  /** What a file says of itself, whatever else is in it. */
  public static Head head(String sheet) {
    FilledSheet filled = FilledSheet.of(sheet);
    return new Head(Collections.unmodifiableSet(filled.sheets()), filled.rater());
  }

  /**
   * Takes one rater's sheet, JSON lines or CSV as it was given out; rows without a word are counted
   * and left out.
   *
   * @return what is wrong with it, a sentence each, all at once; nothing is taken unless it is
   *     empty
   */
  public List<String> add(String rater, String sheet) {
    FilledSheet filled = FilledSheet.of(sheet);
    Map<String, BlindSheet.Key.Entry> entries = new HashMap<>();
    key.entries().forEach(entry -> entries.put(entry.row(), entry));
    List<String> problems = new ArrayList<>(filled.problems());
    filled.sheets().stream()
        .filter(name -> !name.equals(key.sheet()))
        .forEach(
            name ->
                problems.add(
                    "holds rows of sheet %.40s, not %s; read each sheet by itself"
                        .formatted(name, key.sheet())));
    filled.words().keySet().stream()
        .filter(row -> !entries.containsKey(row))
        .forEach(row -> problems.add("row %.20s is not in sheet %s".formatted(row, key.sheet())));
    if (byRater.containsKey(rater)) {
      problems.add("is a second sheet of that rater; give one, or name the file after another");
    }
    if (problems.isEmpty()) {
      take(rater, filled.words());
    }
    return Collections.unmodifiableList(problems);
  }

  private void take(String rater, Map<String, String> words) {
    Map<String, List<Double>> items = new LinkedHashMap<>();
    int firsts = 0;
    int seconds = 0;
    int missing = 0;
    for (BlindSheet.Key.Entry entry : key.entries()) {
      String word = words.getOrDefault(entry.row(), "");
      firsts += word.equals("first") ? 1 : 0;
      seconds += word.equals("second") ? 1 : 0;
      missing += word.isEmpty() ? 1 : 0;
      if (!word.isEmpty()) {
        items.computeIfAbsent(entry.item(), _ -> new ArrayList<>()).add(value(entry, word));
      }
    }
    Map<String, Double> rated = new TreeMap<>();
    int consistent = 0;
    for (Map.Entry<String, List<Double>> item : items.entrySet()) {
      List<Double> both = item.getValue();
      if (both.size() >= 2) {
        boolean agrees = both.getFirst().equals(both.getLast());
        consistent += agrees ? 1 : 0;
        rated.put(item.getKey(), agrees ? both.getFirst() : TIE);
      }
    }
    byRater.put(rater, rated);
    raters.add(
        new Rater(
            rater,
            key.entries().size(),
            missing,
            rated.size(),
            rated.isEmpty() ? 1 : consistent / (double) rated.size(),
            firsts + seconds == 0 ? TIE : firsts / (double) (firsts + seconds),
            count(rated.values(), value -> value > TIE),
            count(rated.values(), value -> value == TIE),
            count(rated.values(), value -> value < TIE)));
  }

  private static double value(BlindSheet.Key.Entry entry, String word) {
    return word.equals("tie") ? TIE : word.equals("first") == entry.oursFirst() ? 1 : 0;
  }

  /** Of everything that was added. */
  public Summary summary() {
    Map<String, Double> preferences = preferences();
    Collection<Double> values = preferences.values();
    int items = values.size();
    return new Summary(
        items,
        share(count(values, value -> value > TIE), items),
        share(count(values, value -> value == TIE), items),
        share(count(values, value -> value < TIE), items),
        items == 0
            ? new Interval(TIE, 0, 1)
            : Proportions.wilsonOfShare(mean(values), items, CONFIDENCE),
        preferences,
        raters,
        agreement());
  }

  private Map<String, Double> preferences() {
    Map<String, List<Double>> items = new TreeMap<>();
    for (Map<String, Double> rated : byRater.values()) {
      rated.forEach(
          (item, value) -> items.computeIfAbsent(item, _ -> new ArrayList<>()).add(value));
    }
    Map<String, Double> preferences = new TreeMap<>();
    items.forEach((item, values) -> preferences.put(item, mean(values)));
    return preferences;
  }

  private static Share share(int count, int of) {
    return new Share(
        count, of == 0 ? new Interval(0, 0, 1) : Proportions.wilson(count, of, CONFIDENCE));
  }

  private static int count(Collection<Double> values, DoublePredicate which) {
    return (int) values.stream().mapToDouble(Double::doubleValue).filter(which).count();
  }

  private static double mean(Collection<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(TIE);
  }

  private List<Agreed> agreement() {
    List<Agreed> agreed = new ArrayList<>();
    List<String> names = List.copyOf(byRater.keySet());
    for (int i = 0; i < names.size(); i++) {
      for (int j = i + 1; j < names.size(); j++) {
        agreed(names.get(i), names.get(j)).ifPresent(agreed::add);
      }
    }
    return agreed;
  }

  private Optional<Agreed> agreed(String one, String other) {
    Map<String, Double> first = byRater.getOrDefault(one, Map.of());
    Map<String, Double> second = byRater.getOrDefault(other, Map.of());
    List<String> common = first.keySet().stream().filter(second::containsKey).toList();
    return common.isEmpty()
        ? Optional.empty()
        : Optional.of(new Agreed(one, other, common.size(), kappa(common, first, second)));
  }

  private static Interval kappa(
      List<String> items, Map<String, Double> one, Map<String, Double> other) {
    return Agreement.kappa(categories(items, one), categories(items, other), CONFIDENCE);
  }

  private static int[] categories(List<String> items, Map<String, Double> values) {
    return items.stream()
        .mapToInt(item -> 1 + (int) Math.signum(values.getOrDefault(item, TIE) - TIE))
        .toArray();
  }

  /**
   * A judge's preferences beside people's.
   *
   * @param judged by item: from 1 for ours to 0 for theirs; of items whose answers differ, rated by
   *     people or not
   * @return empty where they have no item in common
   */
  public Optional<BesideJudge> beside(Map<String, Double> judged) {
    Map<String, Double> people = preferences();
    List<String> both = people.keySet().stream().filter(judged::containsKey).toList();
    if (both.isEmpty()) {
      return Optional.empty();
    }
    double[] alone =
        judged.entrySet().stream()
            .filter(entry -> !people.containsKey(entry.getKey()))
            .mapToDouble(Map.Entry::getValue)
            .toArray();
    Optional<Interval> corrected =
        alone.length < FEWEST || both.size() < FEWEST
            ? Optional.empty()
            : Optional.of(
                within(
                    JudgeCorrection.predictionPowered(
                        alone, values(both, judged), values(both, people), CONFIDENCE)));
    return Optional.of(
        new BesideJudge(
            both.size(),
            kappa(both, people, judged),
            mean(judged.values()),
            judged.size(),
            corrected));
  }

  private static double[] values(List<String> items, Map<String, Double> values) {
    return items.stream().mapToDouble(item -> values.getOrDefault(item, TIE)).toArray();
  }

  /** A mean preference lies from 0 to 1, its normal interval need not. */
  private static Interval within(Interval interval) {
    return new Interval(
        Math.clamp(interval.estimate(), 0, 1),
        Math.clamp(interval.low(), 0, 1),
        Math.clamp(interval.high(), 0, 1));
  }
}
