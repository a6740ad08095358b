package io.fettle.activities.evaluation.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RatingsTest {
  private static final List<String> NAMES = List.of("served", "few_shot");

  @Test
  void a_sheet_hides_the_arms_and_shows_each_pair_in_both_orders() throws IOException {
    BlindSheet sheet = BlindSheet.of(NAMES, arm("a", "b", "same"), arm("c", "=d()", "same"), 10, 5);

    assertThat(sheet.rows()).hasSize(4);
    assertThat(sheet.rows())
        .extracting(row -> row.first() + row.second())
        .containsExactlyInAnyOrder("ac", "ca", "b=d()", "=d()b");
    assertThat(sheet.csv()).contains("'=d()").doesNotContain("served").doesNotContain("item");
    assertThat(sheet.jsonl()).doesNotContain("served").doesNotContain("item");
    assertThat(BlindSheet.of(NAMES, arm("a", "b"), arm("c", "d"), 1, 5).rows()).hasSize(2);
    assertThatThrownBy(() -> BlindSheet.of(NAMES, arm("a"), arm("a", "b"), 1, 5))
        .hasMessageContaining("same items");
  }

  @Test
  void a_preference_counts_where_both_orders_have_it_and_agreement_is_told() throws IOException {
    List<Answer> ours = arm("good 0", "good 1", "bad 2", "good 3");
    List<Answer> theirs = arm("bad 0", "bad 1", "good 2", "bad 3");
    BlindSheet sheet = BlindSheet.of(NAMES, ours, theirs, 10, 5);
    Ratings ratings = new Ratings(sheet.key());
    ratings.add(
        "ann", filled(sheet.jsonl(), row -> row.first().startsWith("good") ? "first" : " Second "));
    ratings.add(
        "bob",
        csv(
            sheet,
            row ->
                row.first().endsWith("3")
                    ? "first"
                    : row.first().startsWith("good") ? "first" : "second"));
    Ratings.Summary summary = ratings.summary();

    assertThat(summary.preferences())
        .containsEntry("item 0", 1.0)
        .containsEntry("item 2", 0.0)
        .containsEntry("item 3", 0.75);
    assertThat(summary.preference()).isCloseTo((1 + 1 + 0 + 0.75) / 4, within(1e-12));
    assertThat(summary.consistency()).isEqualTo(7 / 8.0);
    assertThat(summary.firstSlot()).isEqualTo(9 / 16.0);
    assertThat(summary.agreement()).hasSize(1);
    assertThat(summary.agreement().getFirst().items()).isEqualTo(4);
    // three of four agree, by chance (3 * 2 + 1 * 1) / 16 would
    assertThat(summary.agreement().getFirst().kappa().estimate())
        .isCloseTo((0.75 - 7 / 16.0) / (1 - 7 / 16.0), within(1e-9));
  }

  @Test
  void rows_that_nobody_filled_in_are_left_out_and_other_words_are_refused() throws IOException {
    BlindSheet sheet = BlindSheet.of(NAMES, arm("a", "b"), arm("c", "d"), 10, 5);
    Ratings ratings = new Ratings(sheet.key());
    ratings.add("ann", sheet.jsonl());

    assertThat(ratings.summary().preferences()).isEmpty();
    assertThatThrownBy(() -> ratings.add("bob", filled(sheet.jsonl(), _ -> "left")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bob's row")
        .hasMessageContaining("first, second, tie or nothing");
    assertThatThrownBy(() -> ratings.add("bob", "a,b\n1,2\n")).hasMessageContaining("columns row");
  }

  private static String filled(String jsonl, Function<BlindSheet.Row, String> says)
      throws IOException {
    StringBuilder filled = new StringBuilder();
    for (String line : jsonl.lines().toList()) {
      var row = io.fettle.workflows.wire.Wire.mapper().readValue(line, BlindSheet.Row.class);
      filled.append(
          line.replace("\"preferred\":\"\"", "\"preferred\":\"" + says.apply(row) + "\""));
      filled.append('\n');
    }
    return filled.toString();
  }

  /** As a sheet program saves it, without the zeros in front. */
  private static String csv(BlindSheet sheet, Function<BlindSheet.Row, String> says) {
    StringBuilder csv = new StringBuilder("row,question,first,second,preferred\n");
    sheet
        .rows()
        .forEach(
            row ->
                csv.append(Integer.parseInt(row.row()))
                    .append(",q,x,y,")
                    .append(says.apply(row))
                    .append('\n'));
    return csv.toString();
  }

  private static List<Answer> arm(String... answers) {
    List<Answer> arm = new ArrayList<>();
    for (String answer : answers) {
      arm.add(new Answer("item " + arm.size(), "How?", "", answer));
    }
    return arm;
  }
}
