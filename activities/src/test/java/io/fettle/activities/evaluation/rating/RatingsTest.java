package io.fettle.activities.evaluation.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.statistics.Interval;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
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
    List<Answer> ours = arm("a", "b", "c", "d", "e");
    List<Answer> theirs = arm("f", "g", "h", "i", "j");
    assertThat(BlindSheet.of(NAMES, ours, theirs, 9, 5))
        .isEqualTo(BlindSheet.of(NAMES, ours, theirs, 9, 5))
        .isNotEqualTo(BlindSheet.of(NAMES, ours, theirs, 9, 6));
    assertThat(sheet.key().sheet()).matches("s[0-9a-f]{12}");
    assertThat(sheet.html())
        .doesNotContain("served", "few_shot", "item 0")
        .contains("default-src 'none'", sheet.key().sheet());
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
    assertThat(summary.preference().estimate()).isCloseTo((1 + 1 + 0 + 0.75) / 4, within(1e-12));
    assertThat(summary.preference().low()).isBetween(0.2, 0.5);
    assertThat(summary.wins().items()).isEqualTo(3);
    assertThat(summary.losses().items()).isEqualTo(1);
    assertThat(summary.raters().getFirst().consistency()).isEqualTo(1);
    assertThat(summary.raters().getLast().consistency()).isEqualTo(3 / 4.0);
    assertThat(summary.raters().getLast().firstSlot()).isEqualTo(5 / 8.0);
    assertThat(summary.raters().getLast().ties()).isEqualTo(1);
    assertThat(summary.agreement()).hasSize(1);
    assertThat(summary.agreement().getFirst().items()).isEqualTo(4);
    // three of four agree, by chance (3 * 2 + 1 * 1) / 16 would
    assertThat(summary.agreement().getFirst().kappa().estimate())
        .isCloseTo((0.75 - 7 / 16.0) / (1 - 7 / 16.0), within(1e-9));
  }

  @Test
  void rows_that_nobody_filled_in_are_counted_and_left_out() throws IOException {
    BlindSheet sheet = BlindSheet.of(NAMES, arm("a", "b"), arm("c", "d"), 10, 5);
    Ratings ratings = new Ratings(sheet.key());

    assertThat(ratings.add("ann", sheet.jsonl())).isEmpty();
    assertThat(ratings.add("bob", sheet.csv().replaceFirst(",\r?\n(.*),\r?\n", ",\n$1,first\n")))
        .isEmpty();
    assertThat(ratings.summary().preferences()).isEmpty();
    assertThat(ratings.summary().preference()).isEqualTo(new Interval(0.5, 0, 1));
    assertThat(ratings.summary().raters())
        .extracting(Ratings.Rater::rows, Ratings.Rater::missing)
        .containsExactly(tuple(4, 4), tuple(4, 3));
  }

  @Test
  void everything_wrong_with_a_file_is_told_at_once_and_none_of_it_is_taken() throws IOException {
    BlindSheet sheet = BlindSheet.of(NAMES, arm("a", "b"), arm("c", "d"), 10, 5);
    Ratings ratings = new Ratings(sheet.key());
    String name = sheet.key().sheet();
    String broken =
        """
        {"sheet": "%s", "row": "00001", "preferred": "the longer one, for it says more"}
        {"sheet": "%s", "row": "00002", "preferred": "first"}
        {"sheet": "%s", "row": "00002", "preferred": "tie"}
        no line
        {"sheet": "s000000000000", "row": "00003", "preferred": 1}
        {"row": "77", "preferred": "tie"}
        {"preferred": "tie"}
        """
            .formatted(name, name, name);

    assertThat(ratings.add("ann", broken))
        .containsExactly(
            "row 00001 says \"the longer one, for \u2026\"; first, second, tie or nothing",
            "row 00002 stands in it twice, as first and tie; keep one",
            "line 4 is no JSON object; save the sheet as it was given out",
            "row 00003 says \"no word\"; first, second, tie or nothing",
            "line 7 has no row number; leave the column row as it was given out",
            "holds rows of sheet s000000000000, not %s; read each sheet by itself".formatted(name),
            "row 00077 is not in sheet " + name);
    assertThat(ratings.add("ann", "a,b\n1,2\n")).singleElement().asString().contains("columns row");
    assertThat(ratings.add("ann", " ")).containsExactly("is empty");
    assertThat(ratings.summary().raters()).isEmpty();
    assertThat(ratings.add("ann", sheet.jsonl())).isEmpty();
    assertThat(ratings.add("ann", sheet.jsonl()))
        .containsExactly(
            "is a second sheet of that rater; give one, or name the file after another");
  }

  @Test
  void a_sheet_program_s_csv_is_read_whatever_it_separates_by() throws IOException {
    BlindSheet sheet = BlindSheet.of(NAMES, arm("good"), arm("bad"), 10, 5);
    for (String separator : List.of(",", ";", "\t")) {
      Ratings ratings = new Ratings(sheet.key());
      String csv =
          "\uFEFF"
              + csv(sheet, row -> row.first().equals("good") ? "FIRST" : "second")
                  .replace(",", separator);
      assertThat(ratings.add("ann", csv)).isEmpty();
      assertThat(ratings.summary().preferences()).containsExactly(Map.entry("item 0", 1.0));
    }
  }

  @Test
  void a_row_whose_empty_last_cell_a_sheet_program_dropped_is_one_without_a_word()
      throws IOException {
    BlindSheet sheet = BlindSheet.of(NAMES, arm("a", "b"), arm("c", "d"), 10, 5);
    Ratings ratings = new Ratings(sheet.key());
    List<String> lines = csv(sheet, _ -> "first").lines().toList();
    String dropped =
        String.join("\n", lines.subList(0, 4)) + "\n" + lines.get(4).replace(",first", "");

    assertThat(ratings.add("ann", dropped)).isEmpty();
    assertThat(ratings.summary().raters().getFirst().missing()).isEqualTo(1);
  }

  @Test
  void a_file_says_whose_and_of_which_sheet_it_is() {
    Ratings.Head head =
        Ratings.head(
            "{\"sheet\":\"s1\",\"rater\":\" ann \",\"row\":\"00001\",\"preferred\":\"\"}\n");

    assertThat(head.sheets()).containsExactly("s1");
    assertThat(head.rater()).contains("ann");
    assertThat(Ratings.head("nothing of it").rater()).isEmpty();
  }

  /** The reader tells what is wrong with a file, and never throws, whatever is in it. */
  @Test
  void a_damaged_sheet_is_refused_in_sentences_or_read_as_what_it_says() throws IOException {
    BlindSheet sheet = BlindSheet.of(NAMES, arm("a", "b,\"x\"\ny"), arm("c", "d"), 10, 5);
    Random random = new Random(11);
    List<String> whole =
        List.of(
            filled(sheet.jsonl(), _ -> "first"),
            sheet.csv(),
            csv(sheet, _ -> "tie"),
            csv(sheet, _ -> "second").replace(',', ';'));
    for (int round = 0; round < 4_000; round++) {
      String damaged = damaged(whole.get(round % whole.size()), random);
      Ratings ratings = new Ratings(sheet.key());
      List<String> problems = ratings.add("ann", damaged);

      assertThat(ratings.summary().raters()).as(damaged).hasSize(problems.isEmpty() ? 1 : 0);
      assertThat(problems)
          .as(damaged)
          .allSatisfy(problem -> assertThat(problem).hasSizeLessThan(120));
      Ratings.Summary summary = ratings.summary();
      assertThat(summary.wins().items() + summary.ties().items() + summary.losses().items())
          .isEqualTo(summary.items());
    }
  }

  private static String damaged(String sheet, Random random) {
    StringBuilder text = new StringBuilder(sheet);
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = random.nextInt(Math.max(1, text.length()));
      switch (random.nextInt(4)) {
        case 0 -> text.delete(at, at + 1);
        case 1 -> text.insert(at, "\",;\n\r\t{}\0\uD83D'=".charAt(random.nextInt(12)));
        case 2 -> text.setLength(Math.max(1, at));
        default -> text.insert(at, text.substring(at, Math.min(text.length(), at + 30)));
      }
    }
    return text.toString();
  }

  @Test
  void a_judge_beside_people_agrees_as_far_as_it_does_and_is_corrected_by_what_they_say()
      throws IOException {
    List<Answer> ours = new ArrayList<>();
    List<Answer> theirs = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      ours.add(new Answer("item " + i, "How?", "", "ours " + i));
      theirs.add(new Answer("item " + i, "How?", "", "theirs " + i));
    }
    // people see 60 items and prefer ours in every other; the judge prefers ours in those, and in
    // half of the rest
    BlindSheet sheet = BlindSheet.of(NAMES, ours, theirs, 60, 5);
    Map<String, Double> judged = new TreeMap<>();
    ours.forEach(line -> judged.put(line.id(), number(line.id()) % 4 < 3 ? 1.0 : 0.0));
    Ratings ratings = new Ratings(sheet.key());
    Map<String, BlindSheet.Key.Entry> key = new TreeMap<>();
    sheet.key().entries().forEach(entry -> key.put(entry.row(), entry));
    ratings.add(
        "ann",
        filled(
            sheet.jsonl(),
            row -> {
              BlindSheet.Key.Entry entry = key.get(row.row());
              return (number(entry.item()) % 2 == 0) == entry.oursFirst() ? "first" : "second";
            }));
    Ratings.BesideJudge beside = ratings.beside(judged).orElseThrow();

    assertThat(beside.items()).isEqualTo(60);
    assertThat(beside.judged()).isEqualTo(0.75);
    assertThat(beside.kappa().estimate()).isBetween(0.3, 0.7);
    Interval corrected = beside.corrected().orElseThrow();
    assertThat(corrected.estimate()).isBetween(0.4, 0.6);
    assertThat(corrected.low()).isLessThan(0.5).isGreaterThan(0.25);
    assertThat(ratings.beside(Map.of("another", 1.0))).isEmpty();
    judged.keySet().retainAll(ratings.summary().preferences().keySet());
    assertThat(ratings.beside(judged).orElseThrow().corrected()).isEmpty();
  }

  private static int number(String item) {
    return Integer.parseInt(item.substring(5));
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
    StringBuilder csv = new StringBuilder("sheet,row,question,first,second,preferred\n");
    sheet
        .rows()
        .forEach(
            row ->
                csv.append(row.sheet())
                    .append(',')
                    .append(Integer.parseInt(row.row()))
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
