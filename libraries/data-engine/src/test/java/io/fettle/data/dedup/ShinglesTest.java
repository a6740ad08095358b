package io.fettle.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.dedup.NearDuplicates.Column;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ShinglesTest {
  /** Letters that depend on their neighbours, and others that only look as if they did. */
  private static final String[] PIECES = {
    "a",
    "B",
    "7",
    " ",
    "\n",
    "\t",
    "\u000b",
    ".",
    "'",
    ":",
    "\u0301",
    "\u0308",
    "\u0345",
    "\u00e9",
    "\u00df",
    "\u03a3",
    "\u03c3",
    "\u03c2",
    "\u0391",
    "\u0130",
    "\u0131",
    "\u2019",
    "\u2026",
    "\u4e2d",
    "\u1100",
    "\u1161",
    "\u11a8",
    "\uac00",
    "\u0928",
    "\u093f",
    "\u212b",
    "\ufb01",
    "\u1fb3",
    "\u0149",
    "\ud835\udc00",
    "\ud83d\ude00",
    "\ud800",
    "\udc00",
    "\u00a0",
    "\u3000",
    "\u1e9b",
    "\u0323",
    "\uffff",
    "\u0000",
    "=\u0338",
    "\u01c5",
    "\u10a0",
    "\u0416"
  };

  private final Shingles shingles = new Shingles();

  private long[] of(String text) {
    return column(shingles.of(text, ""), Column.WHOLE);
  }

  private static long[] column(long[] set, Column column) {
    return Arrays.stream(set)
        .filter(each -> (each & column.bit()) != 0)
        .map(each -> each & ~Shingles.COLUMNS)
        .toArray();
  }

  /** As it was first done: whole texts composed and folded, and cut into Strings. */
  private static long[] oracle(String text) {
    var words = Text.words(text);
    int width = Math.min(Shingles.WORDS, words.size());
    return IntStream.rangeClosed(0, words.size() - width)
        .mapToObj(from -> words.subList(from, from + width))
        .filter(run -> !run.isEmpty())
        .mapToLong(ShinglesTest::oracle)
        .distinct()
        .sorted()
        .toArray();
  }

  private static long oracle(List<String> run) {
    return column(new Shingles().of(String.join(" ", run), ""), Column.WHOLE)[0];
  }

  private static String text(Random random, int pieces) {
    return IntStream.range(0, pieces)
        .mapToObj(
            _ ->
                switch (random.nextInt(4)) {
                  case 0 -> " ";
                  case 1 -> PIECES[random.nextInt(PIECES.length)];
                  case 2 -> String.valueOf((char) ('a' + random.nextInt(3)));
                  default -> String.valueOf((char) random.nextInt(1 << 16));
                })
        .collect(Collectors.joining());
  }

  @Test
  void punctuation_case_and_the_form_of_accents_make_no_difference() {
    assertThat(of("The Caf\u00e9, in K\u00f6ln: is it open?!"))
        .isEqualTo(of("the cafe\u0301 in  KO\u0308LN is it open"))
        .hasSize(3);
  }

  @Test
  void the_two_small_sigmas_are_one_letter() {
    assertThat(of("\u039f\u0394\u039f\u03a3"))
        .isEqualTo(of("\u03bf\u03b4\u03bf\u03c2"))
        .isEqualTo(of("\u03bf\u03b4\u03bf\u03c3"));
  }

  @Test
  void a_text_under_five_words_is_one_shingle_and_one_without_words_is_none() {
    assertThat(of("reset my pin")).hasSize(1).isNotEqualTo(of("reset my"));
    assertThat(of("?! \u2026")).isEmpty();
  }

  @Test
  void a_set_holds_a_repeated_run_of_words_once() {
    assertThat(of("a b c d e a b c d e")).hasSize(5);
  }

  @Test
  void letters_beyond_the_basic_plane_belong_to_words() {
    assertThat(Text.words("x\ud835\udc00y \ud83d\ude00 z")).containsExactly("x\ud835\udc00y", "z");
  }

  @Test
  void the_words_of_any_text_are_those_of_the_text_composed_and_folded_as_a_whole() {
    var random = new Random(11);
    var words = new Words();
    for (int i = 0; i < 20_000; i++) {
      var text = text(random, random.nextInt(40));
      words.clear();
      words.add(text);

      assertThat(Arrays.copyOf(words.hashes(), words.count()))
          .as("%s", text.chars().mapToObj(Integer::toHexString).toList())
          .isEqualTo(Text.words(text).stream().mapToLong(Words::of).toArray());
    }
  }

  @Test
  void every_letter_is_the_same_alone_as_in_a_text() {
    var words = new Words();
    for (int c = 0; c < 1 << 16; c++) {
      var text = "x" + (char) c + "y";
      words.clear();
      words.add(text);

      assertThat(Arrays.copyOf(words.hashes(), words.count()))
          .as("U+%04x", c)
          .isEqualTo(Text.words(text).stream().mapToLong(Words::of).toArray());
    }
  }

  @Test
  void a_rows_set_holds_those_of_its_columns() {
    var random = new Random(12);
    for (int i = 0; i < 300; i++) {
      var prompt = text(random, random.nextInt(30));
      var response = text(random, random.nextInt(30));
      var set = shingles.of(prompt, response);

      assertThat(column(set, Column.PROMPT)).isEqualTo(oracle(prompt));
      assertThat(column(set, Column.RESPONSE)).isEqualTo(oracle(response));
      assertThat(column(set, Column.WHOLE)).isEqualTo(oracle(prompt + "\n" + response));
      assertThat(set).isSorted().doesNotHaveDuplicates();
    }
  }

  @Test
  void the_list_of_a_row_holds_what_its_set_holds() {
    var random = new Random(13);
    for (int i = 0; i < 300; i++) {
      var prompt = text(random, random.nextInt(30));
      var response = text(random, random.nextInt(30));
      int count = shingles.list(prompt, response);

      assertThat(LongStream.of(shingles.last()).limit(count).distinct().sorted().toArray())
          .isEqualTo(column(new Shingles().of(prompt, response), Column.WHOLE));
    }
  }

  @Test
  void fingerprints_take_no_other_form_of_a_text_on_their_short_way() {
    var random = new Random(14);
    for (int i = 0; i < 3_000; i++) {
      var text = text(random, random.nextInt(20));
      var plain = i % 2 == 0 ? text : text.replaceAll("[^\\x00-\\x7f]", "");

      assertThat(Fingerprint.plain(plain)).isEqualTo(Fingerprint.of(Text.plain(plain)));
      assertThat(Fingerprint.alike(plain)).isEqualTo(Fingerprint.of(Text.alike(plain)));
    }
  }
}
