package io.fettle.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.data.dedup.NearDuplicates.Column;
import io.fettle.data.dedup.NearDuplicates.Method;
import io.fettle.data.dedup.NearDuplicates.Options;
import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NearDuplicatesTest {
  private static final String TICKET =
      "my router keeps losing the wifi every single evening since monday";

  @Test
  void an_added_word_makes_a_near_duplicate_and_a_changed_middle_does_not() throws IOException {
    assertThat(pairs(row(TICKET), row(TICKET + " thanks"), row(TICKET.replace("wifi", "signal"))))
        .containsExactly("0-1");
  }

  @Test
  void a_different_answer_does_not_hide_a_repeated_prompt() throws IOException {
    Row other = row(TICKET, "something quite different that is long enough to weigh in");

    assertThat(pairs(row(TICKET), other)).containsExactly("0-1");
  }

  @Test
  void a_constant_instruction_of_120_words_makes_no_duplicates() throws IOException {
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
  void a_constant_of_one_source_counts_for_nothing_in_another() throws IOException {
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
  void rows_of_few_words_are_left_to_exact_comparison() throws IOException {
    assertThat(pairs(row("reset my pin please", "pin"), row("Reset my pin, please!", "pin")))
        .isEmpty();
  }

  @Test
  void raw_search_ignores_no_constants_and_compares_rows_of_two_shingles_like_others()
      throws IOException {
    var raw = new Options(80, Method.EXACT, true, Optional.empty(), 0);
    var rows = List.of(row("reset my pin please", "pin"), row("Reset my pin, please!", "PIN"));
    var greeting = IntStream.range(0, 90).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
    var many = IntStream.range(0, 30).mapToObj(i -> row(greeting + " number" + i)).toList();

    assertThat(pairs(raw, rows)).containsExactly("0-1");
    assertThat(pairs(raw, many)).hasSize(30 * 29 / 2);
    assertThat(pairs(Options.usual(), many)).isEmpty();
  }

  @Test
  void rows_that_constants_leave_nothing_of_are_similar_to_their_equals() throws IOException {
    var rows = new ArrayList<Row>();
    for (int i = 0; i < 40; i++) {
      rows.add(row("what does the following text say about it", "label" + i % 20));
    }

    assertThat(pairs(Options.usual(), Column.WHOLE, rows)).hasSize(20).contains("0-20", "19-39");
  }

  @Test
  void sets_beyond_the_budget_are_read_from_the_scratch_file_again(@TempDir Path folder)
      throws IOException {
    var random = new Random(3);
    var rows = new ArrayList<Row>();
    for (int i = 0; i < 3_000; i++) {
      var text = words(random, 60);
      rows.add(row(i % 3 == 0 || rows.isEmpty() ? text : rows.getLast().prompt() + " more"));
    }
    var spilling = new Options(80, Method.LSH, false, Optional.of(folder), 100_000);

    assertThat(pairs(spilling, rows)).isEqualTo(pairs(Options.usual().by(Method.LSH), rows));
    assertThat(pairs(Options.usual(), rows)).hasSize(3_000);
    assertThat(folder).as("the file is gone").isEmptyDirectory();
  }

  @Test
  void a_pair_comes_with_its_similarity_at_any_bound() throws IOException {
    var low = new Options(50, Method.EXACT, false, Optional.empty(), 0);
    var rows = List.of(row(TICKET), row(TICKET.replace("monday", "friday now")));

    assertThat(pairs(Options.usual(), rows)).isEmpty();
    try (var near = filled(low, rows)) {
      near.pairs(
          Column.PROMPT,
          new NearDuplicates.Pairs() {
            @Override
            public boolean matters(int a, int b) {
              return true;
            }

            @Override
            public void similar(int a, int b, double similarity) {
              assertThat(similarity).isEqualTo(6.0 / 9); // 7 and 8 shingles, 6 of them shared
            }
          });
    }
    assertThatThrownBy(() -> new Options(49, Method.EXACT, false, Optional.empty(), 0))
        .hasMessageContaining("49 % cannot be asked for; 50 to 100 can");
  }

  @Test
  void the_signature_of_a_row_is_what_the_search_looks_under() {
    var random = new Random(4);
    var rows =
        IntStream.range(0, 1_500)
            .mapToObj(
                _ -> row(words(random, random.nextInt(40)), words(random, random.nextInt(40))))
            .toList();
    var signatures = NearDuplicates.signatures(rows);

    for (int i = 0; i < rows.size(); i++) {
      var keys = new int[21];
      var set =
          Arrays.stream(new Shingles().of(rows.get(i).prompt(), rows.get(i).response()))
              .filter(each -> (each & Column.WHOLE.bit()) != 0)
              .map(each -> each & ~Shingles.COLUMNS)
              .toArray();
      if (set.length > 0) {
        new MinHash(Bands.at(80), keys).add(0, set, set.length);
      }

      assertThat(Arrays.copyOfRange(signatures, 21 * i, 21 * i + 21)).isEqualTo(keys);
    }
  }

  private static NearDuplicates filled(Options options, List<Row> rows) throws IOException {
    var near = new NearDuplicates(options);
    for (Row row : rows) {
      near.add(NearDuplicates.sketch(row));
    }
    return near;
  }

  private static List<String> pairs(Row... rows) throws IOException {
    return pairs(Options.usual(), List.of(rows));
  }

  private static List<String> pairs(Options options, List<Row> rows) throws IOException {
    return pairs(options, Column.PROMPT, rows);
  }

  private static List<String> pairs(Options options, Column column, List<Row> rows)
      throws IOException {
    List<String> found = new ArrayList<>();
    try (var near = filled(options, rows)) {
      near.pairs(
          column,
          new NearDuplicates.Pairs() {
            @Override
            public boolean matters(int a, int b) {
              return true;
            }

            @Override
            public void similar(int a, int b, double similarity) {
              found.add(a + "-" + b);
            }
          });
    }
    return found.stream().sorted().toList();
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
