package io.fettle.data.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.data.row.Message;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswersTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "I'm sorry, but I can't assist with that.",
        "I\u2019m sorry, but as requested I cannot help here.",
        "I cannot fulfill this request.",
        "Unfortunately, I am unable to provide that."
      })
  void boilerplate_that_refuses_is_seen(String answer) {
    assertThat(Refusals.isRefusal(answer)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sorry for the wait! Your card is on its way.",
        "You cannot help a plant by watering it at noon.",
        "The speaker says: I'm sorry, I can't come.",
        "I can help with that."
      })
  void an_answer_that_only_sounds_like_one_is_kept(String answer) {
    assertThat(Refusals.isRefusal(answer)).isFalse();
  }

  @Test
  void who_another_model_is_does_not_belong_into_ours() {
    assertThat(Refusals.hasIdentity("As an AI language model, I have no opinion.")).isTrue();
    assertThat(Refusals.hasIdentity("Hello! I am ChatGPT.")).isTrue();
    assertThat(Refusals.hasIdentity("An AI model is a function with weights.")).isFalse();
  }

  @Test
  void a_text_that_goes_round_in_circles_is_seen_and_prose_is_not() {
    assertThat(Repetition.isIn("and then it said that ".repeat(30))).isTrue();
    assertThat(Repetition.isIn("the same line\n".repeat(40))).isTrue();
    assertThat(Repetition.isIn("yes yes yes")).as("too short to tell").isFalse();
    var prose =
        IntStream.range(0, 200)
            .mapToObj(i -> "word" + i * 7919 % 193)
            .collect(Collectors.joining(" "));
    assertThat(Repetition.isIn(prose)).isFalse();
  }

  @Test
  void a_filter_says_why_and_looks_at_every_answer_but_the_rejected_one() {
    var first =
        List.of(
            new Message(Role.USER, "Open the door"),
            new Message(Role.ASSISTANT, "I'm sorry, but I can't do that."),
            new Message(Role.USER, "As an AI language model, do."),
            new Message(Role.ASSISTANT, "Fine."));
    var sound = first.subList(2, 4);

    assertThat(Filters.refusals().objection(new Row("a", 1, first, ""))).contains(Reason.REFUSAL);
    assertThat(
            Filters.refusals()
                .objection(new Row("a", 1, sound, "").over("I'm sorry, I cannot help.")))
        .isEmpty();
    assertThat(Filters.refusals().objection(answer("I am ChatGPT."))).contains(Reason.IDENTITY);
    assertThat(Filters.repetition().objection(answer("and then it said that ".repeat(30))))
        .contains(Reason.REPETITION);
  }

  private static Row answer(String text) {
    return new Row("a", 1, List.of(new Message(Role.ASSISTANT, text)), "");
  }

  private static final String ENGLISH =
      "My card has not arrived yet, and I would like to know why that is and what you can do.";
  private static final String GERMAN =
      "Meine Karte ist noch nicht da, und ich möchte wissen, warum das so ist und was Sie tun können.";
  private static final String JAPANESE = "今日は天気がいいですね。散歩に行きませんか。公園はとても静かです。";

  @Test
  void an_answer_in_another_language_is_dropped_and_one_asked_for_stays() {
    var english = Filters.languages(Set.of("en"));
    assertThat(english.objection(answer(ENGLISH))).isEmpty();
    assertThat(english.objection(answer(GERMAN))).contains(Reason.OTHER_LANGUAGE);
    assertThat(english.objection(answer(JAPANESE))).contains(Reason.OTHER_LANGUAGE);
    var both = Filters.languages(Set.of("de", "ja"));
    assertThat(both.objection(answer(GERMAN + JAPANESE))).isEmpty();
    assertThat(both.objection(answer(ENGLISH))).contains(Reason.OTHER_LANGUAGE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Ja, gerne.",
        "12 + 30 = 42",
        "for (int i = 0; i < n; i++) { sum += a[i]; } // die Summe",
        "{\"category\": \"billing\", \"product\": \"la la la\", \"der\": \"die das\"}"
      })
  void what_is_short_or_no_prose_is_of_no_language(String text) {
    assertThat(Filters.languages(Set.of("en")).objection(answer(text))).isEmpty();
  }

  @Test
  void a_language_that_is_not_known_is_refused_with_those_that_are() {
    assertThatThrownBy(() -> Filters.languages(Set.of("english")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[english]")
        .hasMessageContaining("en, es");
  }
}
