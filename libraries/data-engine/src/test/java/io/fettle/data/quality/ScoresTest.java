package io.fettle.data.quality;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.data.quality.Scores.Scored;
import io.fettle.data.row.Message;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoresTest {
  private static final Judge.Column COLUMN = new Judge.Column("judge-1", "abc");

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void place() {
    file = folder.resolve("scores.jsonl");
  }

  /** Scores are the answers themselves; "?" is none, and at "!" it fails. */
  private static final class Reading implements Judge {
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final Column column;
    private int left;

    Reading(Column column, int most) {
      this.column = column;
      this.left = most;
    }

    @Override
    public synchronized OptionalDouble score(Row row) throws IOException {
      if (left-- <= 0) {
        throw new Unusable("the judge went away");
      }
      asked.add(row.id());
      if (row.response().equals("!")) {
        throw new IOException("not about this row");
      }
      return row.response().equals("?")
          ? OptionalDouble.empty()
          : OptionalDouble.of(Double.parseDouble(row.response()));
    }

    @Override
    public Column column() {
      return column;
    }
  }

  private static Row row(String source, int line, String answer) {
    return new Row(
        source,
        line,
        List.of(new Message(Role.USER, source + line), new Message(Role.ASSISTANT, answer)),
        "");
  }

  private static List<Row> rows(String source, String... answers) {
    return IntStream.range(0, answers.length)
        .mapToObj(i -> row(source, i + 1, answers[i]))
        .toList();
  }

  private static Scores.Rows over(List<Row> rows) {
    return reader -> {
      for (var row : rows) {
        reader.row(row);
      }
    };
  }

  private Scored scored(List<Row> rows, Judge judge) throws IOException, InterruptedException {
    try (var scores = Scores.open(file, judge.column())) {
      return scores.score(over(rows), judge, 4, _ -> {});
    }
  }

  private List<String> cut(List<Row> rows, double most) throws IOException, InterruptedException {
    try (var scores = Scores.open(file, COLUMN)) {
      var cut = scores.cut(over(rows), most);
      var gone = new ArrayList<String>();
      for (var row : rows) {
        cut.objection(row)
            .ifPresent(
                reason -> {
                  assertThat(reason).isEqualTo(Reason.LOW_SCORE);
                  gone.add(row.id());
                });
      }
      return gone;
    }
  }

  @Test
  void the_worst_of_each_source_are_cut_however_the_sources_compare()
      throws IOException, InterruptedException {
    var rows = new ArrayList<>(rows("good", "3", "5", "5", "5", "5", "5", "5", "5", "5", "5"));
    rows.addAll(rows("bad", "2", "1", "2", "2", "2", "2", "2", "2", "2", "3"));
    scored(rows, new Reading(COLUMN, 99));

    assertThat(cut(rows, 0.1)).containsExactly("good:1", "bad:2");
    assertThat(cut(rows, 0.05)).as("not one of ten").isEmpty();
    assertThat(cut(rows, 0.95)).as("again, without a judge").hasSize(10);
  }

  @Test
  void of_rows_with_the_same_score_none_is_cut_before_the_other()
      throws IOException, InterruptedException {
    var rows = rows("a", "1", "4", "4", "4", "4", "4", "4", "5", "5", "5");
    scored(rows, new Reading(COLUMN, 99));

    assertThat(cut(rows, 0.2)).containsExactly("a:1");
    try (var scores = Scores.open(file, COLUMN)) {
      assertThat(scores.cut(over(rows), 0.2).sources())
          .isEqualTo(
              new TreeMap<>(
                  Map.of(
                      "a",
                      new Scores.Cut.Source(
                          4, 10, 1, 6, 0, new TreeMap<>(Map.of(1.0, 1L, 4.0, 6L, 5.0, 3L))))));
    }
  }

  @Test
  void what_is_no_score_is_counted_and_its_row_stays() throws IOException, InterruptedException {
    var rows = rows("a", "?", "1", "5", "5", "5", "5");

    assertThat(scored(rows, new Reading(COLUMN, 99))).isEqualTo(new Scored(0, 5, 1, 0));
    assertThat(cut(rows, 0.2)).containsExactly("a:2");
  }

  @Test
  void a_row_at_which_the_judge_fails_is_counted_and_stays()
      throws IOException, InterruptedException {
    var rows = rows("a", "!", "1", "5", "5", "5", "5");

    assertThat(scored(rows, new Reading(COLUMN, 99))).isEqualTo(new Scored(0, 5, 0, 1));
    assertThat(cut(rows, 0.2)).containsExactly("a:2");
  }

  @Test
  void a_judge_without_scores_is_given_up_early_and_what_it_said_is_kept() {
    var answers = new String[400];
    Arrays.setAll(answers, i -> i % 4 == 0 ? "3" : i % 4 == 1 ? "!" : "?");
    var judge = new Reading(COLUMN, 999);

    assertThatThrownBy(() -> scored(rows("a", answers), judge))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the judge gave no score for 2")
        .hasMessageContaining("times it could not be asked (not about this row)");
    assertThat(judge.asked.size()).isBetween(20, 60);
    assertThat(file).isNotEmptyFile();
    assertThatThrownBy(() -> scored(rows("b", "?", "?"), new Reading(COLUMN, 9)))
        .as("however few the rows are")
        .hasMessageContaining("2 of the first 2 rows: 2 answers were none");
  }

  @Test
  void one_row_in_six_may_be_left_without_a_score() throws IOException, InterruptedException {
    var answers = new String[600];
    Arrays.setAll(answers, i -> i % 6 == 5 ? "?" : "3");

    assertThat(scored(rows("a", answers), new Reading(COLUMN, 999)))
        .isEqualTo(new Scored(0, 500, 100, 0));
  }

  @Test
  void the_column_of_rows_is_the_same_bytes_whoever_was_asked_first()
      throws IOException, InterruptedException {
    var rows = rows("a", "1", "2", "?", "4", "5");
    var bytes = new ArrayList<String>();
    for (var order : List.of(rows, rows.reversed())) {
      file = folder.resolve("scores-%d.jsonl".formatted(bytes.size()));
      scored(order, new Reading(COLUMN, 9));
      try (var scores = Scores.open(file, COLUMN)) {
        scores.write(over(rows), folder.resolve("column.jsonl"));
      }
      bytes.add(Files.readString(folder.resolve("column.jsonl")));
    }

    assertThat(bytes.getFirst())
        .isEqualTo(bytes.getLast())
        .hasLineCount(4)
        .startsWith("{\"id\":\"a:1\",\"row\":\"");
    Files.delete(file);
    try (var scores = Scores.open(file, COLUMN)) {
      scores.know(folder.resolve("column.jsonl"));
      assertThat(scores.score(over(rows), new Reading(COLUMN, 9), 1, _ -> {}).had()).isEqualTo(4);
    }
  }

  @Test
  void a_run_that_broke_goes_on_where_it_was() throws IOException, InterruptedException {
    var rows = rows("a", "1", "2", "3", "4", "5", "1", "2", "3", "4", "5");
    assertThatThrownBy(() -> scored(rows, new Reading(COLUMN, 6)))
        .isInstanceOf(Judge.Unusable.class)
        .hasMessage("the judge went away");
    var whole = Files.readAllLines(file);
    assertThat(whole).hasSize(6);
    Files.writeString(file, "{\"row\": \"cut sh", StandardOpenOption.APPEND);

    var again = new Reading(COLUMN, 99);
    assertThat(scored(rows, again)).isEqualTo(new Scored(6, 4, 0, 0));
    assertThat(again.asked).hasSize(4);
    assertThat(Files.readAllLines(file)).startsWith(whole.toArray(String[]::new)).hasSize(10);
  }

  @Test
  void rows_that_say_the_same_are_asked_about_once_wherever_they_lie()
      throws IOException, InterruptedException {
    var first = row("a", 1, "4");
    var moved = new Row("b", 9, first.messages(), "group");

    assertThat(scored(List.of(first, moved), new Reading(COLUMN, 1)))
        .isEqualTo(new Scored(1, 1, 0, 0));
  }

  @Test
  void scores_of_another_model_or_prompt_do_not_count() throws IOException, InterruptedException {
    var rows = rows("a", "1", "5", "5", "5", "5", "5");
    scored(rows, new Reading(new Judge.Column("judge-1", "other"), 99));
    scored(rows, new Reading(new Judge.Column("judge-2", "abc"), 99));

    assertThat(cut(rows, 0.2)).isEmpty();
    assertThat(scored(rows, new Reading(COLUMN, 99))).isEqualTo(new Scored(0, 6, 0, 0));
    assertThat(cut(rows, 0.2)).containsExactly("a:1");
  }

  @Test
  void a_file_of_something_else_is_refused_with_its_line() throws IOException {
    Files.writeString(file, "{\"row\": \"x\", \"score\": 1}\n{\"a\": 1}\n");

    assertThatThrownBy(() -> Scores.open(file, COLUMN))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("line 2");
  }
}
