package io.fettle.data.contamination;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.dedup.Words;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Beside an implementation that compares every row with every item, word by word. */
class OracleTest {
  private static final int ROUNDS = 30;

  @TempDir Path folder;

  /** A row's verdict on one item, without its place. */
  private record Verdict(int file, long line, boolean isWhole, int words, int percent) {}

  @Test
  void every_row_holds_what_a_comparison_with_every_item_finds() throws IOException {
    int held = 0;
    int constants = 0;
    for (int seed = 0; seed < ROUNDS; seed++) {
      var random = new Random(seed);
      List<String> phrases = phrases(random);
      List<List<String>> files = List.of(texts(random, phrases, 30), texts(random, phrases, 50));
      List<Row> rows = new ArrayList<>();
      texts(random, phrases, 60).forEach(text -> rows.add(Held.row(rows.size() + 1, text, "no")));
      var oracle = new Oracle(files, rows);

      List<List<Match>> found =
          new Held(folder)
              .benchmark(files.get(0).toArray(String[]::new))
              .benchmark(files.get(1).toArray(String[]::new))
              .by(rows);

      for (int i = 0; i < rows.size(); i++) {
        assertThat(found.get(i).stream().map(OracleTest::verdict).collect(Collectors.toSet()))
            .as("seed %d row %d: %s", seed, i, rows.get(i).prompt())
            .isEqualTo(oracle.verdicts(rows.get(i)));
        for (Match match : found.get(i)) {
          assertThat(" " + files.get(match.file()).get((int) match.line() - 1) + " ")
              .contains(" " + Contamination.text(rows.get(i), match.from(), match.to()) + " ");
        }
        held += found.get(i).size();
      }
      constants += oracle.constants.size();
    }
    assertThat(held).isGreaterThan(300);
    assertThat(constants).isGreaterThan(100);
  }

  private static Verdict verdict(Match match) {
    return new Verdict(match.file(), match.line(), match.isWhole(), match.words(), match.percent());
  }

  /** The first is long and common. */
  private static List<String> phrases(Random random) {
    return IntStream.range(0, 25)
        .mapToObj(
            i ->
                random
                    .ints(i == 0 ? 12 : 1 + random.nextInt(14), 0, i % 5 == 4 ? 2 : 40)
                    .mapToObj(word -> "w" + word)
                    .collect(Collectors.joining(" ")))
        .toList();
  }

  private static List<String> texts(Random random, List<String> phrases, int count) {
    return IntStream.range(0, count)
        .mapToObj(
            _ -> {
              List<String> pieces = new ArrayList<>();
              if (random.nextInt(3) > 0) {
                pieces.add(phrases.getFirst());
              }
              for (int i = random.nextInt(8); i >= 0; i--) {
                pieces.add(phrases.get(1 + random.nextInt(phrases.size() - 1)));
              }
              return String.join(" ", pieces);
            })
        .toList();
  }

  /** In the words of the documentation. */
  private static final class Oracle {
    private final List<List<String>> files;
    private final Set<String> constants = new HashSet<>();

    Oracle(List<List<String>> files, List<Row> rows) {
      this.files = files;
      files.forEach(this::addConstants);
      addConstants(rows.stream().map(row -> row.prompt() + " no").toList());
      for (List<String> file : files) {
        for (String text : file) {
          List<String> grams = grams(Words.texts(text));
          grams.stream()
              .filter(gram -> Collections.frequency(grams, gram) > 8)
              .forEach(constants::add);
        }
      }
    }

    private void addConstants(List<String> texts) {
      Map<String, Integer> counts = new HashMap<>();
      for (String text : texts) {
        Set.copyOf(grams(Words.texts(text))).forEach(gram -> counts.merge(gram, 1, Integer::sum));
      }
      counts.forEach(
          (gram, count) -> {
            if (count >= 20 && count > 0.05 * texts.size()) {
              constants.add(gram);
            }
          });
    }

    Set<Verdict> verdicts(Row row) {
      Set<Verdict> verdicts = new HashSet<>();
      for (int file = 0; file < files.size(); file++) {
        for (int line = 1; line <= files.get(file).size(); line++) {
          add(row, files.get(file).get(line - 1), file, line, verdicts);
        }
      }
      return verdicts;
    }

    private void add(Row row, String text, int file, int line, Set<Verdict> verdicts) {
      List<String> item = Words.texts(text);
      List<String> prompt = Words.texts(row.prompt());
      if (item.equals(prompt)) {
        verdicts.add(new Verdict(file, line, true, prompt.size(), 100));
        return;
      }
      List<String> all = Words.texts(row.prompt() + " " + row.response());
      List<String> grams = grams(item);
      Set<Integer> telling =
          IntStream.range(0, item.size()).boxed().collect(Collectors.toCollection(HashSet::new));
      Set<Integer> covered = new HashSet<>();
      Set<String> ofRow = Set.copyOf(grams(all));
      for (int i = 0; i < grams.size(); i++) {
        Set<Integer> words = IntStream.range(i, i + 8).boxed().collect(Collectors.toSet());
        if (constants.contains(grams.get(i))) {
          telling.removeAll(words);
        } else if (ofRow.contains(grams.get(i))) {
          covered.addAll(words);
        }
      }
      covered.retainAll(telling);
      int percent = 100 * covered.size() / Math.max(1, telling.size());
      int longest = covered.isEmpty() ? 0 : longest(grams, grams(all));
      boolean isHeld = !telling.isEmpty() && percent >= (telling.size() < 13 ? 100 : 80);
      if (isHeld || longest >= 50) {
        verdicts.add(new Verdict(file, line, false, longest, percent));
      }
    }

    /** Words of the longest run of grams in both. */
    private int longest(List<String> item, List<String> row) {
      int longest = 0;
      for (int i = 0; i < item.size(); i++) {
        for (int j = 0; j < row.size(); j++) {
          int length = 0;
          while (i + length < item.size()
              && j + length < row.size()
              && item.get(i + length).equals(row.get(j + length))
              && !constants.contains(item.get(i + length))) {
            length++;
          }
          longest = Math.max(longest, length == 0 ? 0 : length + 7);
        }
      }
      return longest;
    }

    private static List<String> grams(List<String> words) {
      return IntStream.rangeClosed(0, words.size() - 8)
          .mapToObj(i -> String.join(" ", words.subList(i, i + 8)))
          .toList();
    }
  }
}
