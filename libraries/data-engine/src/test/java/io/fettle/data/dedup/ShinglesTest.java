package io.fettle.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShinglesTest {
  @Test
  void punctuation_case_and_the_form_of_accents_make_no_difference() {
    assertThat(Shingles.of("The Caf\u00e9, in K\u00f6ln: is it open?!"))
        .isEqualTo(Shingles.of("the cafe\u0301 in  KO\u0308LN is it open"))
        .hasSize(3);
  }

  @Test
  void a_text_under_five_words_is_one_shingle_and_one_without_words_is_none() {
    assertThat(Shingles.of("reset my pin")).hasSize(1).isNotEqualTo(Shingles.of("reset my"));
    assertThat(Shingles.of("?! \u2026")).isEmpty();
  }

  @Test
  void a_set_holds_a_repeated_run_of_words_once() {
    assertThat(Shingles.of("a b c d e a b c d e")).hasSize(5);
  }

  @Test
  void letters_beyond_the_basic_plane_belong_to_words() {
    assertThat(Text.words("x\ud835\udc00y \ud83d\ude00 z")).containsExactly("x\ud835\udc00y", "z");
  }
}
