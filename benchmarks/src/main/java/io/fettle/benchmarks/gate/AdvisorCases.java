package io.fettle.benchmarks.gate;

import io.fettle.benchmarks.gate.AdvisorCase.Row;
import io.fettle.benchmarks.gate.PlannedAnswers.Mended;
import io.fettle.benchmarks.gate.PlannedAnswers.Planned;
import io.fettle.workflows.evaluation.Advice;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Twelve cases with known advice, in six pairs that share all but one fact: whether documented
 * values change, 80 rows or 2,000, whether decoding enforces the form, whether a prompt reaches the
 * style, whether a fifth of the labels is swapped, whether the right passage helps.
 */
final class AdvisorCases {
  private static final int TRAIN = 2_000;
  private static final int DEV = 200;
  private static final double ERRORS = 0.02;
  private static final double SWAPPED = 0.2;
  private static final List<String> LABELS =
      List.of("billing", "delivery", "login", "refund", "warranty", "complaint");
  private static final int OWN_WORDS = 30;
  private static final int COMMON_WORDS = 200;
  private static final int WORDS = 10;
  private static final int LOWEST_FEE = 10_000; // no ticket has such a number

  private final long seed;
  private final Random random;

  private AdvisorCases(long seed) {
    this.seed = seed;
    this.random = new Random(seed);
  }

  /** All twelve; same seed, same cases. */
  static List<AdvisorCase> of(long seed) {
    return List.of(
        new AdvisorCases(seed).fees("values that change", Advice.RAG, true),
        new AdvisorCases(seed).fees("values that stay", Advice.FINE_TUNE, false),
        new AdvisorCases(seed).labels("80 rows", Advice.UNDECIDED, 64, 16, Mended.BY_TUNING, 0),
        new AdvisorCases(seed)
            .labels("2,000 rows", Advice.FINE_TUNE, TRAIN, DEV, Mended.BY_TUNING, 0),
        new AdvisorCases(seed)
            .labels("form by decoding", Advice.PROMPT, TRAIN, DEV, Mended.BY_FORM, 0),
        new AdvisorCases(seed)
            .labels("form by tuning", Advice.FINE_TUNE, TRAIN, DEV, Mended.BY_TUNING, 0),
        new AdvisorCases(seed).style("style by prompt", Advice.PROMPT, Mended.BY_PROMPT),
        new AdvisorCases(seed).style("style by tuning", Advice.FINE_TUNE, Mended.BY_TUNING),
        new AdvisorCases(seed)
            .labels("a fifth swapped", Advice.FIX_DATA, TRAIN, DEV, Mended.BY_TUNING, SWAPPED),
        new AdvisorCases(seed)
            .labels("none swapped", Advice.FINE_TUNE, TRAIN, DEV, Mended.BY_TUNING, 0),
        new AdvisorCases(seed).manual("passages help", Advice.RAG, Mended.BY_PASSAGE),
        new AdvisorCases(seed).manual("passages do not help", Advice.FINE_TUNE, Mended.BY_TUNING));
  }

  /** Half of the questions fail, so that there is a cause to find. */
  private Mended half(Mended mended) {
    return random.nextInt(2) == 0 ? mended : Mended.ALWAYS_RIGHT;
  }

  private AdvisorCase labels(
      String name, Advice expected, int train, int dev, Mended mended, double swapped) {
    Random swaps = new Random(seed + 1); // of its own, so that the pair shares all else
    List<Row> rows = new ArrayList<>();
    for (int number = 0; number < train + dev; number++) {
      int label = random.nextInt(LABELS.size());
      String wrong = other(label, random);
      Planned planned =
          new Planned(number, words(label), LABELS.get(label), wrong, half(mended), "");
      boolean swap = swaps.nextDouble() < swapped;
      rows.add(new Row(planned, swap ? other(label, swaps) : planned.right()));
    }
    List<String> spec =
        List.of(
            "evaluate.task=classification", "evaluate.labels=[" + String.join(", ", LABELS) + "]");
    return split(name, expected, rows, dev, Map.of(), spec);
  }

  private static String other(int label, Random random) {
    return LABELS.get((label + 1 + random.nextInt(LABELS.size() - 1)) % LABELS.size());
  }

  private String words(int label) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i < WORDS; i++) {
      boolean own = random.nextDouble() < 0.4;
      int common = random.nextInt(COMMON_WORDS);
      words.add(spelled(own ? COMMON_WORDS + label * OWN_WORDS + common % OWN_WORDS : common));
    }
    return String.join(" ", words) + ".";
  }

  private AdvisorCase style(String name, Advice expected, Mended mended) {
    List<Row> rows = new ArrayList<>();
    for (int number = 0; number < TRAIN + DEV; number++) {
      String subject = spelled(10_000 + number) + " " + spelled(20_000 + number);
      String right = "Dear guest, about your %s: we see to it. Yours, the desk".formatted(subject);
      String wrong = "Hi! We will look into " + subject + ".";
      rows.add(
          row(new Planned(number, "My " + subject + " is late.", right, wrong, half(mended), "")));
    }
    return split(name, expected, rows, DEV, Map.of(), List.of());
  }

  /**
   * Two versions of a list of fees. Tickets name a plan that no document names, so that retrieval
   * does not find what the right passage would say; no two fees are alike, so that one finds it who
   * has the answer.
   */
  private AdvisorCase fees(String name, Advice expected, boolean changing) {
    int services = TRAIN + DEV;
    List<Integer> drawn = new ArrayList<>(IntStream.range(0, services).boxed().toList());
    Collections.shuffle(drawn, random);
    int[] fees = drawn.stream().mapToInt(fee -> LOWEST_FEE + 10 * fee).toArray();
    List<Row> rows = new ArrayList<>();
    for (int number = 0; number < services; number++) {
      String question = "what does the holder of %s pay?".formatted(spelled(40_000 + number));
      rows.add(
          row(
              new Planned(
                  number,
                  question,
                  fees[number] + " euros",
                  (fees[number] + 3) + " euros",
                  half(Mended.BY_PASSAGE),
                  fee(number, fees[number]))));
    }
    Map<String, String> corpus = new TreeMap<>();
    corpus.put("fees-2023-01-01.md", list(fees, changing ? 5 : 0));
    corpus.put("fees-2024-06-01.md", list(fees, 0));
    return split(name, expected, rows, DEV, corpus, List.of());
  }

  /** A third of the values is another one. */
  private static String list(int[] fees, int added) {
    StringBuilder text = new StringBuilder("Fees\n\n");
    for (int number = 0; number < fees.length; number++) {
      text.append(fee(number, fees[number] + (number % 3 == 0 ? added : 0))).append('\n');
    }
    return text.toString();
  }

  private static String fee(int number, int value) {
    return "The fee for the service %s is %d euros.".formatted(spelled(60_000 + number), value);
  }

  /** A manual without dates whose sentences the tickets name by their part. */
  private AdvisorCase manual(String name, Advice expected, Mended mended) {
    List<Row> rows = new ArrayList<>();
    Map<String, String> corpus = new TreeMap<>();
    for (int number = 0; number < TRAIN + DEV; number++) {
      String part = spelled(80_000 + number) + " " + spelled(90_000 + number);
      String right = spelled(100_000 + number);
      String passage = "The part %s is held by a screw of kind %s.".formatted(part, right);
      corpus.put("part-%05d.md".formatted(number), passage);
      rows.add(
          row(
              new Planned(
                  number,
                  "which kind of screw holds the part " + part + "?",
                  right,
                  spelled(110_000 + number),
                  half(mended),
                  passage)));
    }
    return split(name, expected, rows, DEV, corpus, List.of());
  }

  private static Row row(Planned planned) {
    return new Row(planned, planned.right());
  }

  private AdvisorCase split(
      String name,
      Advice expected,
      List<Row> rows,
      int dev,
      Map<String, String> corpus,
      List<String> spec) {
    List<Row> shuffled = new ArrayList<>(rows);
    Collections.shuffle(shuffled, random);
    return new AdvisorCase(
        name,
        expected,
        shuffled.subList(dev, shuffled.size()),
        shuffled.subList(0, dev),
        corpus,
        spec,
        PlannedAnswers.BETTER,
        new PlannedAnswers(rows.stream().map(Row::planned).toList(), ERRORS, seed));
  }

  /** A number as a word that shares no parts with another. */
  private static String spelled(int number) {
    Random letters = new Random(number * 31L + 7);
    StringBuilder word = new StringBuilder();
    IntStream.range(0, 3)
        .forEach(
            _ ->
                word.append("bcdfghklmnprstvz".charAt(letters.nextInt(16)))
                    .append("aeiou".charAt(letters.nextInt(5))));
    return word.toString() + letters.nextInt(10);
  }
}
