package io.fettle.activities.evaluation.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.NamedCsvRecord;
import io.fettle.activities.evaluation.advice.Evidence.Labelled;
import io.fettle.activities.evaluation.advice.Evidence.Noise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelNoiseTest {
  private static final double CONFIDENCE = 0.95;

  @Test
  void a_fifth_of_labels_swapped_is_estimated_as_a_fifth() {
    for (int labels : new int[] {2, 8, 40}) {
      Noise noise = noise(new PlantedLabels(labels, 0.4, 0.1).rows(4_000, 0.2, 1));

      assertThat(noise.share()).as("%d labels", labels).isBetween(0.16, 0.24);
      assertThat(noise.low()).as("%d labels", labels).isGreaterThan(0.1);
    }
  }

  @Test
  void sound_labels_are_not_accused_however_hard_the_set() {
    for (double own : new double[] {0.5, 0.3, 0.2}) {
      List<Labelled> rows = new PlantedLabels(8, own, 0.2).rows(4_000, 0, 2);

      assertThat(Advisor.labelNoise(rows, CONFIDENCE, 3).map(Noise::low).orElse(0.0))
          .as("%s of the words tell", own)
          .isLessThan(0.1);
    }
  }

  @Test
  void labels_that_are_two_names_of_one_thing_are_not_accused() {
    Random coin = new Random(11);
    List<Labelled> rows =
        new PlantedLabels(8, 0.4, 0.1)
            .rows(4_000, 0, 12).stream()
                .map(
                    row ->
                        row.label().compareTo("label-4") < 0 && coin.nextBoolean()
                            ? twin(row)
                            : row)
                .toList();

    assertThat(noise(rows).low()).isLessThan(0.05);
  }

  private static Labelled twin(Labelled row) {
    return new Labelled(row.id(), row.text(), row.label() + "-too");
  }

  @Test
  void suspects_are_mostly_swapped() {
    Noise noise = noise(new PlantedLabels(8, 0.4, 0.1).rows(4_000, 0.2, 4));

    assertThat(noise.suspects()).hasSize(100);
    assertThat(noise.suspects().stream().filter(id -> id.startsWith("swapped")).count())
        .isGreaterThanOrEqualTo(95);
  }

  @Test
  void labels_that_text_does_not_tell_are_not_judged() {
    List<Labelled> unrelated = new PlantedLabels(4, 0, 0).rows(2_000, 0, 5);
    List<Labelled> rare =
        unrelated.stream()
            .map(
                row ->
                    new Labelled(row.id(), row.text(), row.id().endsWith("7") ? "rare" : "usual"))
            .toList();

    assertThat(Advisor.labelNoise(unrelated, CONFIDENCE, 6)).isEmpty();
    assertThat(Advisor.labelNoise(rare, CONFIDENCE, 6)).isEmpty();
    assertThat(Advisor.labelNoise(unrelated.subList(0, 50), CONFIDENCE, 6)).isEmpty();
  }

  @Test
  void equal_rows_and_seed_give_the_same_estimate_in_any_order() {
    List<Labelled> rows = new PlantedLabels(8, 0.4, 0.1).rows(1_000, 0.2, 7);

    assertThat(Advisor.labelNoise(rows.reversed(), CONFIDENCE, 8))
        .isEqualTo(Advisor.labelNoise(rows, CONFIDENCE, 8))
        .isNotEmpty();
  }

  /** {@code -Dfettle.rows=DIR}: a folder with BANKING77's train.csv. */
  @Test
  void banking77_is_told_from_itself_with_a_fifth_of_its_labels_swapped() throws IOException {
    String given = System.getProperty("fettle.rows", "");
    assumeThat(given).as("-Dfettle.rows=DIR with BANKING77").isNotEmpty();
    List<Labelled> rows = banking(Path.of(given, "train.csv"));

    Noise sound = noise(rows);
    Noise swapped = noise(swapped(rows, new Random(9)));

    assertThat(sound.low()).as(told(sound)).isLessThan(0.05);
    assertThat(swapped.low()).as(told(swapped)).isBetween(0.15, 0.2);
    assertThat(swapped.high()).as(told(swapped)).isGreaterThan(0.19);
    assertThat(swapped.suspects().stream().filter(id -> id.startsWith("swapped")).count())
        .isGreaterThanOrEqualTo(95);
  }

  private static String told(Noise noise) {
    return Say.text("%.4f [%.4f, %.4f]", noise.share(), noise.low(), noise.high());
  }

  private static List<Labelled> banking(Path file) throws IOException {
    List<Labelled> rows = new ArrayList<>();
    try (CsvReader<NamedCsvRecord> reader = CsvReader.builder().ofNamedCsvRecord(file)) {
      for (NamedCsvRecord row : reader) {
        rows.add(
            new Labelled("row-" + rows.size(), row.getField("text"), row.getField("category")));
      }
    }
    return rows;
  }

  private static List<Labelled> swapped(List<Labelled> rows, Random random) {
    List<String> labels = rows.stream().map(Labelled::label).distinct().toList();
    List<Labelled> swapped = new ArrayList<>();
    for (Labelled row : rows) {
      int other = labels.indexOf(row.label()) + 1 + random.nextInt(labels.size() - 1);
      swapped.add(
          random.nextDouble() < 0.2
              ? new Labelled("swapped-" + row.id(), row.text(), labels.get(other % labels.size()))
              : row);
    }
    return swapped;
  }

  private static Noise noise(List<Labelled> rows) {
    Optional<Noise> noise = Advisor.labelNoise(rows, CONFIDENCE, 10);
    assertThat(noise).isNotEmpty();
    return noise.orElseThrow();
  }
}
