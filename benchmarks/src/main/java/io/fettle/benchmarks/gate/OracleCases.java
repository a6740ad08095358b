package io.fettle.benchmarks.gate;

import io.fettle.statistics.Agreement;
import io.fettle.statistics.Bootstrap;
import io.fettle.statistics.Clusters;
import io.fettle.statistics.Contrast;
import io.fettle.statistics.Holm;
import io.fettle.statistics.Interval;
import io.fettle.statistics.JudgeCorrection;
import io.fettle.statistics.MeanDifference;
import io.fettle.statistics.PairedProportions;
import io.fettle.statistics.Proportions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Questions for the oracle with our own answers; names and keys are those of {@code oracle.py}. */
final class OracleCases {
  private static final int CASES = 40;
  private static final int FEW_CASES = 4;
  private static final int RESAMPLES = 200;

  private final SplittableRandom random;

  private OracleCases(SplittableRandom random) {
    this.random = random;
  }

  /** What was asked, and what we say. */
  record Asked(Map<String, Object> arguments, List<Double> answer) {}

  static Map<String, List<Asked>> draw(long seed) {
    var cases = new OracleCases(new SplittableRandom(seed));
    Map<String, List<Asked>> asked = new TreeMap<>();
    asked.put("tango", repeated(CASES, () -> cases.proportions(false)));
    asked.put("margin", repeated(CASES, () -> cases.proportions(true)));
    asked.put("wilson", repeated(CASES, cases::wilson));
    asked.put("mcnemar", repeated(CASES, cases::mcnemar));
    asked.put("holm", repeated(CASES, cases::holm));
    asked.put("mean", repeated(CASES, cases::mean));
    asked.put("kappa", repeated(CASES, cases::kappa));
    asked.put("powered", repeated(CASES, cases::powered));
    asked.put("bootstrap", repeated(FEW_CASES, cases::bootstrap));
    return asked;
  }

  private static List<Asked> repeated(int times, Supplier<Asked> asked) {
    return IntStream.range(0, times).mapToObj(_ -> asked.get()).toList();
  }

  private Asked proportions(boolean deciding) {
    int items = random.nextInt(20, 2_000);
    int differing = random.nextInt(items / 2);
    int plus = random.nextInt(differing + 1);
    int minus = differing - plus;
    double confidence = confidence();
    Interval own =
        deciding
            ? PairedProportions.interval(plus, minus, items, confidence)
            : PairedProportions.tango(plus, minus, items, confidence);
    return new Asked(
        Map.of("plus", plus, "minus", minus, "items", items, "confidence", confidence), ends(own));
  }

  private Asked wilson() {
    int trials = random.nextInt(1, 500);
    int successes = random.nextInt(trials + 1);
    double confidence = confidence();
    return new Asked(
        Map.of("successes", successes, "trials", trials, "confidence", confidence),
        ends(Proportions.wilson(successes, trials, confidence)));
  }

  private Asked mcnemar() {
    int plus = random.nextInt(80);
    int minus = random.nextInt(80);
    return new Asked(
        Map.of("plus", plus, "minus", minus), List.of(PairedProportions.mcnemar(plus, minus)));
  }

  private Asked holm() {
    double[] values = random.doubles(random.nextInt(1, 12)).map(p -> p * p).toArray();
    return new Asked(Map.of("values", values), boxed(Holm.adjust(values)));
  }

  /** Every other one clustered. */
  private Asked mean() {
    int items = random.nextInt(10, 300);
    double[] first = random.doubles(items).toArray();
    double[] second = random.doubles(items).toArray();
    int[] numbers =
        random.nextBoolean()
            ? IntStream.range(0, items).toArray()
            : random.ints(items, 0, random.nextInt(3, 10)).toArray();
    double confidence = confidence();
    var mean = MeanDifference.of(first, second, Clusters.of(numbers));
    List<Double> own = new ArrayList<>(ends(mean.interval(confidence)));
    own.add(mean.error());
    return new Asked(
        Map.of("first", first, "second", second, "clusters", numbers, "confidence", confidence),
        own);
  }

  private Asked kappa() {
    int items = random.nextInt(20, 300);
    int categories = random.nextInt(2, 6);
    int[] first = random.ints(items, 0, categories).toArray();
    int[] second = answers(first, 0.6, categories);
    double confidence = confidence();
    return new Asked(
        Map.of("first", first, "second", second, "confidence", confidence),
        ends(Agreement.kappa(first, second, confidence)));
  }

  private Asked powered() {
    double[] alone = random.doubles(random.nextInt(2, 400)).toArray();
    double[] judge = random.doubles(random.nextInt(2, 60)).toArray();
    double[] humans = random.doubles(judge.length).toArray();
    double confidence = confidence();
    return new Asked(
        Map.of("alone", alone, "judge", judge, "humans", humans, "confidence", confidence),
        ends(JudgeCorrection.predictionPowered(alone, judge, humans, confidence)));
  }

  /** The same resamples for both. */
  private Asked bootstrap() {
    int items = random.nextInt(40, 100);
    int[] truth = random.ints(items, 0, 4).toArray();
    int[] first = answers(truth, 0.8, 4);
    int[] second = answers(truth, 0.7, 4);
    var clusters = Clusters.of(random.ints(items, 0, 15).toArray());
    long own = random.nextLong();
    double confidence = confidence();
    Interval interval =
        Bootstrap.interval(
            clusters,
            Contrast.macroF1(truth, first, second).difference(),
            RESAMPLES,
            confidence,
            own);
    return new Asked(
        Map.of(
            "truth",
            truth,
            "first",
            first,
            "second",
            second,
            "resamples",
            Bootstrap.resamples(clusters, RESAMPLES, own),
            "confidence",
            confidence),
        ends(interval));
  }

  private int[] answers(int[] truth, double accuracy, int labels) {
    return Arrays.stream(truth)
        .map(label -> random.nextDouble() < accuracy ? label : random.nextInt(labels))
        .toArray();
  }

  private double confidence() {
    return random.nextBoolean() ? 0.95 : random.nextDouble(0.6, 0.995);
  }

  private static List<Double> ends(Interval interval) {
    return List.of(interval.estimate(), interval.low(), interval.high());
  }

  private static List<Double> boxed(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
