package io.fettle.data.swap;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.swap.Swaps.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SwapsTest {
  private static final int ROWS = 1_000;
  private static final int BATCH = 50;

  /** With a batch. */
  record Row(String batch, String id, String prompt, String answer) {
    @SuppressWarnings("ArgumentSelectionDefectChecker") // that is the point
    Row turned() {
      return new Row(batch, id, answer, prompt);
    }
  }

  /** Shapes of datasets, with words of their own in each. */
  enum Shape {
    QUESTION {
      @Override
      Row row(Random random, String batch, String id) {
        var thing = Words.thing(random);
        return new Row(
            batch,
            id,
            Words.one(random, "What is ", "How does one use ", "Why is there ") + thing + "?",
            "One uses " + thing + " to " + Words.act(random) + " " + Words.thing(random) + ".");
      }
    },
    TICKET_TO_JSON {
      @Override
      Row row(Random random, String batch, String id) {
        var thing = Words.thing(random);
        return new Row(
            batch,
            id,
            "My " + thing + " does not " + Words.act(random) + " any more, please help.",
            "{\"product\": \"%s\", \"urgency\": %d}".formatted(thing, random.nextInt(3)));
      }
    },
    TEXT_TO_LABEL {
      @Override
      Row row(Random random, String batch, String id) {
        return new Row(
            batch,
            id,
            "I would " + Words.act(random) + " the " + Words.thing(random) + " again",
            Words.one(random, "positive", "negative", "neutral"));
      }
    };

    abstract Row row(Random random, String batch, String id);
  }

  private static final class Words {
    private static final String[] THINGS = {
      "router", "kettle", "lamp", "invoice", "card", "engine", "garden", "violin", "theorem", "boat"
    };
    private static final String[] ACTS = {
      "repair", "paint", "measure", "sell", "open", "turn", "clean", "carry", "print", "charge"
    };

    static String thing(Random random) {
      return one(random, THINGS) + " " + random.nextInt(500);
    }

    static String act(Random random) {
      return one(random, ACTS);
    }

    static String one(Random random, String... of) {
      return of[random.nextInt(of.length)];
    }
  }

  private static List<Row> rows(Shape shape, long seed) {
    var random = new Random(seed);
    var rows = new ArrayList<Row>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(shape.row(random, "batch-" + i / BATCH, "rows:" + (i + 1)));
    }
    return rows;
  }

  private static Finding found(List<Row> rows) throws IOException {
    return Swaps.find(
        reader -> {
          for (var row : rows) {
            reader.row(row.batch(), row.id(), row.prompt(), row.answer());
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void a_batch_that_is_turned_is_named_with_examples(Shape shape) throws IOException {
    var rows = rows(shape, 1);
    rows.replaceAll(row -> row.batch().equals("batch-7") ? row.turned() : row);

    assertThat(found(rows))
        .isInstanceOfSatisfying(
            Finding.Backwards.class,
            finding -> {
              assertThat(finding.batches()).hasSize(1);
              var batch = finding.batches().getFirst();
              assertThat(batch.name()).isEqualTo("batch-7");
              assertThat(batch.examples())
                  .hasSize(5)
                  .allMatch(id -> id.matches("rows:(3[5-9].|400)"));
            });
  }

  @ParameterizedTest
  @EnumSource
  void sound_rows_are_sound(Shape shape) throws IOException {
    for (long seed = 0; seed < 20; seed++) {
      assertThat(found(rows(shape, seed))).isInstanceOf(Finding.Sound.class);
    }
  }

  @Test
  void where_prompts_and_answers_are_alike_nothing_is_claimed() throws IOException {
    var random = new Random(3);
    var rows = new ArrayList<Row>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(
          new Row(
              "batch-" + i / BATCH,
              "rows:" + i,
              Words.act(random) + " " + Words.thing(random),
              Words.act(random) + " " + Words.thing(random)));
    }

    assertThat(found(rows)).isInstanceOf(Finding.CannotTell.class);
  }

  @ParameterizedTest
  @EnumSource
  void ten_rows_on_end_within_a_file_are_found_where_they_lie(Shape shape) throws IOException {
    var rows = new ArrayList<Row>();
    rows(shape, 5).forEach(row -> rows.add(new Row("a.csv", row.id(), row.prompt(), row.answer())));
    rows.subList(333, 343).replaceAll(Row::turned);

    assertThat(found(rows))
        .isInstanceOfSatisfying(
            Finding.Backwards.class,
            finding -> {
              assertThat(finding.batches()).hasSize(1);
              assertThat(finding.batches().getFirst().first()).isBetween(331, 336);
              assertThat(finding.batches().getFirst().last()).isBetween(341, 346);
            });
  }

  @Test
  void of_two_files_of_which_one_is_turned_the_two_signals_tell_which() throws IOException {
    var rows = new ArrayList<Row>();
    for (var row : rows(Shape.QUESTION, 6)) {
      rows.add(new Row("sound.csv", row.id(), row.prompt(), row.answer()));
    }
    for (var row : rows(Shape.QUESTION, 7)) {
      rows.add(new Row("turned.csv", row.id(), row.answer(), row.prompt()));
    }

    assertThat(found(rows)).isNotInstanceOf(Finding.Sound.class);
  }

  @Test
  void a_file_of_another_kind_is_not_taken_for_turned() throws IOException {
    var rows = new ArrayList<Row>();
    for (var row : rows(Shape.QUESTION, 8)) {
      rows.add(new Row("questions.csv", row.id(), row.prompt(), row.answer()));
    }
    for (var row : rows(Shape.TEXT_TO_LABEL, 9).subList(0, 200)) {
      rows.add(new Row("labels.csv", row.id(), row.prompt(), row.answer()));
    }

    assertThat(found(rows)).isNotInstanceOf(Finding.Backwards.class);
  }

  @Test
  void one_batch_alone_has_nothing_to_be_compared_with() throws IOException {
    var rows = rows(Shape.QUESTION, 1).subList(0, BATCH);

    assertThat(found(rows)).isInstanceOf(Finding.CannotTell.class);
  }
}
