package io.fettle.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fettle.data.dedup.NearDuplicates.Column;
import io.fettle.data.dedup.NearDuplicates.Kept;
import io.fettle.data.dedup.NearDuplicates.Kept.Cluster;
import io.fettle.data.dedup.NearDuplicates.Kept.Evidence;
import io.fettle.data.dedup.NearDuplicates.Method;
import io.fettle.data.dedup.NearDuplicates.Options;
import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What other tools lost rows by. */
class KeptTest {
  private static final String ANSWER = "it is done as you have asked for";

  @ParameterizedTest
  @EnumSource
  void a_row_that_is_like_a_dropped_row_alone_stays(Method method) throws IOException {
    // Each is the one before, five words further: A ~ B ~ C, and A is not like C.
    var rows = List.of(row(numbers(0, 100)), row(numbers(5, 100)), row(numbers(10, 100)));

    var kept = kept(method, rows);

    assertThat(staying(kept, rows)).containsExactly(0, 2);
    assertThat(kept.evidence(1)).map(Evidence::kept).hasValue(0);
    assertThat(kept.evidence(0)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void of_every_cluster_one_row_stays_however_large_it_is(Method method) throws IOException {
    var rows = new ArrayList<Row>();
    for (int cluster = 0; cluster < 20; cluster++) {
      for (int copy = 0; copy < 50; copy++) {
        rows.add(row(numbers(1_000 * cluster, 60) + " copy" + copy));
      }
    }

    var kept = kept(method, rows);

    assertThat(staying(kept, rows))
        .containsExactlyElementsOf(IntStream.range(0, 20).mapToObj(i -> 50 * i).toList());
    assertThat(kept.dropped()).isEqualTo(20 * 49);
  }

  @Test
  void distinct_rows_behind_a_constant_instruction_are_all_kept() throws IOException {
    var random = new Random(1);
    var rows = new ArrayList<Row>();
    for (int i = 0; i < 1_000; i++) {
      rows.add(row(numbers(0, 120) + " " + words(random, 12)));
    }

    assertThat(kept(Method.EXACT, rows).dropped()).isZero();
    assertThat(kept(Method.LSH, rows).dropped()).isZero();
  }

  @Test
  void two_pairs_found_apart_are_not_one_cluster() throws IOException {
    // {0, 2} and {1, 3}, although a link by a shared bucket once joined all four.
    var rows =
        List.of(
            row(numbers(0, 60)),
            row(numbers(500, 60)),
            row(numbers(0, 60) + " a"),
            row(numbers(500, 60) + " b"));

    var kept = kept(Method.LSH, rows);

    assertThat(kept.evidence(2)).map(Evidence::kept).hasValue(0);
    assertThat(kept.evidence(3)).map(Evidence::kept).hasValue(1);
    assertThat(kept.dropped()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void words_put_before_a_long_row_do_not_hide_it(Method method) throws IOException {
    var rows = List.of(row(numbers(0, 200)), row("please read on now " + numbers(0, 200)));

    assertThat(kept(method, rows).evidence(1))
        .hasValueSatisfying(
            evidence -> assertThat(evidence.similarity()).isGreaterThan(0.95).isLessThan(1));
  }

  @ParameterizedTest
  @EnumSource
  void the_same_question_with_other_answers_is_a_conflict_and_no_row_is_dropped(Method method)
      throws IOException {
    var question = numbers(0, 40);
    var rows =
        List.of(
            row(question, "birch"),
            row(question + " please", "maple"),
            row(question, "oak"),
            row(question, "birch"),
            row(numbers(900, 40), "birch"));

    var kept = kept(method, rows);

    assertThat(staying(kept, rows)).containsExactly(0, 1, 2, 4);
    assertThat(kept.conflicts()).isEqualTo(3);
    assertThat(kept.isInConflict(4)).isFalse();
    assertThat(kept.conflictClusters().together(0, 2)).isTrue();
    assertThat(kept.conflictClusters().together(0, 1)).isTrue();
    assertThat(kept.conflictClusters().together(0, 4)).isFalse();
  }

  @Test
  void a_thousand_answers_to_one_short_question_are_one_cluster() throws IOException {
    var rows = new ArrayList<Row>();
    for (int i = 0; i < 1_000; i++) {
      rows.add(row("say a number", "the number " + i));
    }

    var kept = kept(Method.EXACT, rows);

    assertThat(kept.dropped()).isZero();
    assertThat(kept.conflicts()).isEqualTo(1_000);
    assertThat(kept.conflictClusters().all()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void rows_that_are_left_out_stay_and_nothing_falls_to_them(Method method) throws IOException {
    var text = numbers(0, 60);
    var rows = List.of(row(text), row(text + " a"), row(text + " b"), row(text), row(text, "oak"));
    try (var near = filled(method, rows)) {
      var kept = near.kept(Column.WHOLE, row -> row != 0 && row != 4);

      assertThat(staying(kept, rows)).containsExactly(0, 1, 4);
      assertThat(kept.evidence(2)).map(Evidence::kept).hasValue(1);
      assertThat(kept.conflicts()).isZero();
    }
  }

  @Test
  void a_row_of_few_words_falls_to_its_equal_alone() throws IOException {
    var rows = List.of(row("close it", "done"), row("close it!", "done"), row("Close  it", "done"));

    assertThat(staying(kept(Method.EXACT, rows), rows)).containsExactly(0, 1);
  }

  @Test
  void prompts_alone_drop_what_asks_the_same_and_is_answered_alike() throws IOException {
    var question = numbers(0, 12);
    var rows =
        List.of(
            row(question, numbers(100, 90)),
            row(question, numbers(100, 90) + " now"),
            row(question, numbers(300, 90)));
    try (var near = filled(Method.EXACT, rows)) {
      assertThat(staying(near.kept(Column.PROMPT), rows)).containsExactly(0, 2);
      assertThat(staying(near.kept(Column.RESPONSE), rows)).containsExactly(0, 2);
    }
  }

  @Test
  void a_source_that_loses_more_than_a_third_is_told_with_its_largest_clusters()
      throws IOException {
    var rows = new ArrayList<Row>();
    var random = new Random(6);
    for (int i = 0; i < 30; i++) {
      rows.add(row("first", words(random, 60), ANSWER));
    }
    for (int i = 0; i < 30; i++) {
      var prompt = i < 20 ? words(random, 60) : rows.get(i / 25).prompt() + " x" + i;
      rows.add(row("second", prompt, ANSWER));
    }

    var losses = kept(Method.EXACT, rows).losses();

    assertThat(losses).extracting(Kept.Loss::source).containsExactly("first", "second");
    assertThat(losses).extracting(Kept.Loss::dropped).containsExactly(0, 10);
    assertThat(losses).extracting(Kept.Loss::isTooMuch).containsExactly(false, false);
    assertThat(losses.get(1).largest()).containsExactly(new Cluster(0, 5), new Cluster(1, 5));
    assertThat(new Kept.Loss("rows", 30, 11, List.of()).isTooMuch()).isTrue();
    assertThat(new Kept.Loss("rows", 30, 10, List.of()).isTooMuch()).isFalse();
  }

  @Test
  void every_dropped_row_is_like_a_row_that_stays_and_no_two_that_stay_are_alike()
      throws IOException {
    var random = new Random(7);
    var rows = new ArrayList<Row>();
    for (int i = 0; i < 1_500; i++) {
      boolean isEdit = i > 0 && random.nextInt(3) > 0;
      rows.add(
          row(isEdit ? edited(rows.get(random.nextInt(i)).prompt(), random) : words(random, 50)));
    }
    var exact = kept(Method.EXACT, rows);
    Map<List<Integer>, Double> pairs = new HashMap<>();
    try (var near = filled(Method.EXACT, rows)) {
      near.pairs(
          Column.WHOLE,
          new NearDuplicates.Pairs() {
            @Override
            public boolean matters(int a, int b) {
              return true;
            }

            @Override
            public void similar(int a, int b, double similarity) {
              pairs.put(List.of(a, b), similarity);
            }
          });
    }

    assertThat(exact.dropped()).isGreaterThan(200);
    for (int row = 0; row < rows.size(); row++) {
      int dropped = row;
      exact
          .evidence(row)
          .ifPresent(
              found -> {
                assertThat(exact.stays(found.kept())).isTrue();
                assertThat(pairs.get(List.of(found.kept(), dropped)))
                    .isCloseTo(found.similarity(), within(1e-6));
              });
    }
    assertThat(pairs.keySet())
        .noneMatch(pair -> exact.stays(pair.getFirst()) && exact.stays(pair.getLast()));
    assertThat(staying(kept(Method.EXACT, rows), rows)).isEqualTo(staying(exact, rows));
  }

  private static String edited(String text, Random random) {
    var words = new ArrayList<>(Arrays.asList(text.split(" ")));
    for (int edits = random.nextInt(4); edits > 0; edits--) {
      words.set(random.nextInt(words.size()), "edit" + random.nextInt(100_000));
    }
    if (random.nextInt(10) == 0) {
      Collections.shuffle(words, random);
    }
    return String.join(" ", words);
  }

  private static Kept kept(Method method, List<Row> rows) throws IOException {
    try (var near = filled(method, rows)) {
      return near.kept(Column.WHOLE);
    }
  }

  private static NearDuplicates filled(Method method, List<Row> rows) throws IOException {
    var near = new NearDuplicates(Options.usual().by(method));
    for (Row row : rows) {
      near.add(NearDuplicates.sketch(row));
    }
    return near;
  }

  private static List<Integer> staying(Kept kept, List<Row> rows) {
    return IntStream.range(0, rows.size()).filter(kept::stays).boxed().toList();
  }

  private static String numbers(int from, int count) {
    return IntStream.range(from, from + count)
        .mapToObj(i -> "n" + i)
        .collect(Collectors.joining(" "));
  }

  private static String words(Random random, int count) {
    return random
        .ints(count, 0, 50_000)
        .mapToObj(Integer::toString)
        .collect(Collectors.joining(" "));
  }

  private static Row row(String prompt) {
    return row("rows", prompt, ANSWER);
  }

  private static Row row(String prompt, String answer) {
    return row("rows", prompt, answer);
  }

  private static Row row(String source, String prompt, String answer) {
    return new Row(
        source,
        1,
        List.of(new Message(Role.USER, prompt), new Message(Role.ASSISTANT, answer)),
        "");
  }
}
