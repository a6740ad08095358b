package io.fettle.data.row;

import java.util.Locale;

/** Why a row was dropped. Closed: a report can always say what a count means. */
public enum Reason {
  NOT_UTF8("holds bytes that are not UTF-8"),
  NUL_BYTE("holds a NUL byte"),
  LINE_TOO_LONG("is longer than a line may be"),
  BROKEN_JSON("is not one JSON object"),
  DUPLICATE_KEY("names a JSON key twice"),
  LONE_SURROGATE("holds half a character (a lone surrogate)"),
  MISSING_FIELD("lacks a field that the format or the mapping names"),
  NOT_TEXT("has a field that should be text and is not"),
  WRONG_COLUMNS("has more or fewer columns than the header"),
  UNKNOWN_ROLE("has a role other than system, user and assistant"),
  WRONG_ROLE_ORDER("does not alternate user and assistant, ending with assistant"),
  WEIGHT_ZERO("has a turn of weight 0, which would be learned from all the same"),
  BROKEN_TOOL_CALL(
      "has a tool, or a call of one, without a name or with arguments that are no object"),
  OTHER_PROMPTS("has a chosen and a rejected answer to different prompts"),
  NO_PREFERENCE("has a chosen and a rejected answer that are the same"),
  EMPTY_PROMPT("has an empty prompt"),
  EMPTY_ANSWER("has an empty answer"),
  EXACT_DUPLICATE("repeats the prompt and the answer of an earlier row"),
  NEAR_DUPLICATE("is nearly the same as an earlier row that is kept"),
  TEMPLATE_REFUSED("is refused by the model's chat template"),
  NO_SUPERVISED_TOKEN("has no token to learn from"),
  NO_END_OF_TURN("does not end with the end-of-turn token"),
  TOO_SHORT("has fewer tokens than the length filter wants"),
  TOO_LONG("has more tokens than the length filter allows"),
  REFUSAL("has an answer that only refuses, in words that chat models use"),
  IDENTITY("has an answer in which another model says what it is"),
  REPETITION("has an answer that repeats itself"),
  OTHER_LANGUAGE("has an answer in another language than those asked for"),
  LOW_SCORE("has one of the lowest quality scores of its source"),
  NEAR_TEST("is the same as, or nearly the same as, a test row, or holds one"),
  GROUP_OF_TEST("belongs to a group that the test set holds"),
  BENCHMARK_MATCH("holds an item of a benchmark");

  private final String meaning;

  Reason(String meaning) {
    this.meaning = meaning;
  }

  /** The name in reports and payloads. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What is wrong, to follow the words "the row". */
  public String meaning() {
    return meaning;
  }
}
