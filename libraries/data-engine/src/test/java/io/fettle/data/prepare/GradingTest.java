package io.fettle.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.prepare.Prepared.Setup;
import io.fettle.data.prepare.QualityReport.Level;
import io.fettle.data.quality.Judge;
import io.fettle.data.quality.LossFlags.Loss;
import io.fettle.data.quality.Scores;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GradingTest {
  private static final String LONG =
      IntStream.range(0, 40).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));

  @TempDir Path folder;
  private final List<String> asked = new ArrayList<>();

  /** The score is the number that ends the prompt, else the answer; else there is none. */
  private final class LastWord implements Judge {
    @Override
    public synchronized OptionalDouble score(Row row) {
      asked.add(row.prompt());
      return Stream.of(row.prompt(), row.response())
          .map(text -> text.substring(text.lastIndexOf(' ') + 1))
          .filter(word -> word.matches("[0-9]+"))
          .mapToDouble(Integer::parseInt)
          .findFirst();
    }

    @Override
    public Column column() {
      return new Column("last-word", "none");
    }
  }

  private Grading judged(double most, int concurrency) {
    return (rows, progress) -> {
      var judge = new LastWord();
      Path file = Files.createTempFile(folder, "scores", "");
      try (var scores = Scores.open(file, judge.column())) {
        var scored = scores.score(rows, judge, concurrency, done -> progress.rows("judge", done));
        return Grading.Grades.of(scores, rows, most, scored.failed());
      }
    };
  }

  @Test
  void the_worst_of_each_source_are_dropped_with_their_reason_and_the_rest_is_a_histogram()
      throws Exception {
    String[] other = rows("b", 40);
    other[7] = "asked of b in the row 7 of all => no number";
    var prepared = setup().pool(rows("a", 60)).pool(other).grading(judged(0.2, 3)).run();

    assertThat(prepared.drops()).containsExactly("quality low_score 16");
    var judged = prepared.report().quality().judged().orElseThrow();
    assertThat(judged.model()).isEqualTo("last-word");
    assertThat(judged.sources())
        .extracting(QualityReport.Source::source)
        .containsExactly("pool0", "pool1");
    assertThat(judged.sources().getFirst().levels().subList(0, 3))
        .containsExactly(new Level(0, 6, true), new Level(1, 6, true), new Level(2, 6, false));
    assertThat(judged.sources().getLast().withoutScore()).isEqualTo(1);
    assertThat(prepared.report().stages())
        .extracting(stage -> stage.stage())
        .containsSubsequence("length", "quality", "decontamination");
  }

  @Test
  void nobody_is_asked_about_a_row_that_does_not_fit_nor_about_the_users_test_rows()
      throws Exception {
    var rows = new ArrayList<>(List.of(rows("a", 30)));
    rows.add("word ".repeat(50) + "=> it is 0");

    var prepared =
        setup()
            .pool(rows.toArray(String[]::new))
            .testSet("a question of the user => it is 0")
            .maxTokens(40)
            .grading(judged(0.1, 1))
            .run();

    assertThat(asked).hasSize(30).noneMatch(prompt -> prompt.contains("user"));
    assertThat(prepared.prompts(Part.TEST)).containsExactly("a question of the user");
  }

  @Test
  void a_near_duplicate_does_not_fall_to_a_row_that_is_dropped_for_its_score() throws Exception {
    var rows = new ArrayList<>(List.of(rows("a", 30)));
    rows.add(LONG + " 0 => birch");
    rows.add(LONG + " 9 => birch");
    var setup = setup().pool(rows.toArray(String[]::new)).withoutNearDuplicates();
    assertThat(allPrompts(setup.run())).contains(LONG + " 0").doesNotContain(LONG + " 9");

    var prepared = setup.grading(judged(0.15, 1)).run();

    assertThat(prepared.drops()).containsExactly("quality low_score 4");
    assertThat(allPrompts(prepared)).contains(LONG + " 9").doesNotContain(LONG + " 0");
  }

  @Test
  void threads_and_the_order_of_answers_change_nothing() throws Exception {
    Setup setup = setup().pool(rows("a", 300)).pool(rows("b", 90));
    PrepareReport one = setup.threads(1).grading(judged(0.1, 1)).run().report();

    for (int threads : new int[] {2, 5}) {
      var more = setup.threads(threads).grading(judged(0.1, 16)).run().report();
      assertThat(more).isEqualTo(one);
    }
  }

  @Test
  void flags_drop_nothing_and_without_a_grading_there_is_no_such_stage() throws Exception {
    var plain = setup().pool(rows("a", 60)).run();
    var flagged = setup().pool(rows("a", 60)).grading(GradingTest::flagged).run();

    assertThat(flagged.report().hash()).isEqualTo(plain.report().hash());
    var source = flagged.report().quality().flagged().orElseThrow().sources().getFirst();
    assertThat(source.compared()).isEqualTo(60);
    assertThat(source.flagged()).isEqualTo(1);
    assertThat(source.shown().getFirst().id()).isEqualTo("pool0:9");
    assertThat(plain.report().quality()).isEqualTo(QualityReport.none());
    assertThat(plain.report().stages())
        .extracting(stage -> stage.stage())
        .doesNotContain("quality");
  }

  private static Grading.Grades flagged(Scores.Rows rows, Preparation.Progress progress)
      throws IOException, InterruptedException {
    List<Loss> losses = new ArrayList<>();
    rows.forEach(
        row -> {
          double with = row.line() == 9 ? 7 : 2 + row.line() / 1_000.0;
          losses.add(new Loss(row.id(), row.source(), row.response(), with, 8));
        });
    return Grading.Grades.of(losses);
  }

  private Setup setup() {
    return new Setup(folder);
  }

  /** Scores go from 0 to 9 and round again. */
  private static String[] rows(String of, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "asked of %s in the row %d of all => it is %d".formatted(of, i, i % 10))
        .toArray(String[]::new);
  }

  private static List<String> allPrompts(Prepared prepared) throws IOException {
    List<String> all = new ArrayList<>();
    for (Part part : Part.values()) {
      all.addAll(prepared.prompts(part));
    }
    return all;
  }
}
