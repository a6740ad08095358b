package io.fettle.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NearDuplicatesTest {
  private static final String TICKET =
      "my router keeps losing the wifi every single evening since monday";

  @Test
  void an_added_word_makes_a_near_duplicate_and_a_changed_middle_does_not() {
    assertThat(pairs(row(TICKET), row(TICKET + " thanks"), row(TICKET.replace("wifi", "signal"))))
        .containsExactly("0-1");
  }

  @Test
  void a_different_answer_does_not_hide_a_repeated_prompt() {
    Row other = row(TICKET, "something quite different that is long enough to weigh in");

    assertThat(pairs(row(TICKET), other)).containsExactly("0-1");
  }

  @Test
  void a_constant_instruction_of_120_words_makes_no_duplicates() {
    String instruction =
        IntStream.range(0, 120).mapToObj(i -> "word" + i).collect(Collectors.joining(" "));
    var random = new Random(1);
    Row[] rows =
        IntStream.range(0, 1_000)
            .mapToObj(_ -> row(instruction + " " + words(random, 12)))
            .toArray(Row[]::new);

    assertThat(pairs(rows)).isEmpty();
  }

  @Test
  void a_constant_of_one_source_counts_for_nothing_in_another() {
    String greeting = "thank you for calling the support line of the northern water works";
    List<Row> rows = new ArrayList<>();
    var random = new Random(2);
    for (int i = 0; i < 40; i++) {
      rows.add(row(greeting + " " + words(random, 6)));
    }
    rows.add(new Row("other", 1, row(greeting).messages(), ""));

    assertThat(pairs(rows.toArray(Row[]::new))).isEmpty();
  }

  @Test
  void rows_of_few_words_are_left_to_exact_comparison() {
    assertThat(pairs(row("reset my pin please", "pin"), row("Reset my pin, please!", "pin")))
        .isEmpty();
  }

  private static List<String> pairs(Row... rows) {
    var near = new NearDuplicates();
    for (Row row : rows) {
      near.add(row);
    }
    List<String> found = new ArrayList<>();
    near.forEach(
        new NearDuplicates.Pairs() {
          @Override
          public boolean matters(int a, int b) {
            return true;
          }

          @Override
          public void similar(int a, int b) {
            found.add(Math.min(a, b) + "-" + Math.max(a, b));
          }
        });
    return found.stream().distinct().toList();
  }

  private static String words(Random random, int count) {
    return random
        .ints(count, 0, 5_000)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" "));
  }

  private static Row row(String prompt) {
    return row(prompt, "birch");
  }

  private static Row row(String prompt, String answer) {
    return new Row(
        "rows",
        1,
        List.of(new Message(Role.USER, prompt), new Message(Role.ASSISTANT, answer)),
        "");
  }
}
