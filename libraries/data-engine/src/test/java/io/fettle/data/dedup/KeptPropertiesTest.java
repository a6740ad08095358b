package io.fettle.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.Fuzz;
import io.fettle.data.dedup.NearDuplicates.Column;
import io.fettle.data.dedup.NearDuplicates.Kept;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that are edits of each other, with answers that are too. */
class KeptPropertiesTest {
  @ParameterizedTest
  @EnumSource(names = {"EXACT", "LSH"})
  void a_row_falls_only_to_an_earlier_one_that_stays_and_is_like_it(Method method) {
    Fuzz.tries(
        60,
        random -> {
          List<Row> rows = rows(random);
          var similar = pairs(rows, Column.WHOLE);

          var kept = kept(method, rows);

          for (int row = 0; row < rows.size(); row++) {
            int dropped = row;
            kept.evidence(row)
                .ifPresent(
                    found -> {
                      assertThat(found.kept()).isLessThan(dropped);
                      assertThat(kept.stays(found.kept())).isTrue();
                      assertThat(similar).containsKey(List.of(found.kept(), dropped));
                    });
          }
        });
  }

  @Test
  void of_two_that_stay_none_could_have_fallen_to_the_other() {
    Fuzz.tries(
        60,
        random -> {
          List<Row> rows = rows(random);
          var prompts = pairs(rows, Column.PROMPT).keySet();
          var responses = pairs(rows, Column.RESPONSE).keySet();

          var kept = kept(Method.EXACT, rows);

          assertThat(pairs(rows, Column.WHOLE).keySet())
              .filteredOn(pair -> kept.stays(pair.getFirst()) && kept.stays(pair.getLast()))
              .allMatch(pair -> prompts.contains(pair) && !responses.contains(pair));
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"PROMPT", "RESPONSE", "WHOLE"})
  void which_rows_are_alike_does_not_depend_on_their_order(Column column) {
    Fuzz.tries(
        40,
        random -> {
          List<Row> rows = rows(random);
          List<Row> turned = new ArrayList<>(rows);
          Collections.shuffle(turned, Random.from(random));

          assertThat(named(turned, pairs(turned, column)))
              .isEqualTo(named(rows, pairs(rows, column)));
        });
  }

  private static List<Row> rows(RandomGenerator random) {
    String constant = random.nextBoolean() ? words(random, 20) + " " : "";
    List<String> prompts = new ArrayList<>();
    List<String> answers = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    for (int i = 2 + random.nextInt(60); i > 0; i--) {
      prompts.add(text(prompts, random));
      answers.add(text(answers, random));
      rows.add(
          new Row(
              "rows",
              i,
              List.of(
                  new Message(Role.USER, constant + prompts.getLast()),
                  new Message(Role.ASSISTANT, answers.getLast())),
              ""));
    }
    return rows;
  }

  private static String text(List<String> earlier, RandomGenerator random) {
    if (earlier.isEmpty() || random.nextInt(4) == 0) {
      return words(random, 1 + random.nextInt(60));
    }
    String text = earlier.get(random.nextInt(earlier.size()));
    var words = new ArrayList<>(Arrays.asList(text.split(" ")));
    for (int edits = random.nextInt(4); edits > 0; edits--) {
      words.set(random.nextInt(words.size()), "edit" + random.nextInt(100_000));
    }
    return String.join(" ", words);
  }

  private static String words(RandomGenerator random, int count) {
    var words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append(i == 0 ? "" : " ").append("w").append(random.nextInt(50_000));
    }
    return words.toString();
  }

  private static Kept kept(Method method, List<Row> rows) throws IOException {
    try (var near = filled(method, rows)) {
      return near.kept(Column.WHOLE);
    }
  }

  private static Map<List<Integer>, Double> pairs(List<Row> rows, Column column)
      throws IOException {
    Map<List<Integer>, Double> pairs = new HashMap<>();
    try (var near = filled(Method.EXACT, rows)) {
      near.pairs(
          column,
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
    return pairs;
  }

  private static Set<Set<Long>> named(List<Row> rows, Map<List<Integer>, Double> pairs) {
    Set<Set<Long>> named = new HashSet<>();
    pairs
        .keySet()
        .forEach(
            pair ->
                named.add(
                    Set.of(rows.get(pair.getFirst()).line(), rows.get(pair.getLast()).line())));
    return named;
  }

  private static NearDuplicates filled(Method method, List<Row> rows) throws IOException {
    var near = new NearDuplicates(Options.usual().by(method));
    for (Row row : rows) {
      near.add(NearDuplicates.sketch(row));
    }
    return near;
  }
}
