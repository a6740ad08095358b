package io.fettle.data.filter;

import java.util.Set;
import java.util.SortedSet;

/** The filters that look at what rows say. Each is asked for by name: none is always right. */
public final class Filters {
  private Filters() {}

  /**
   * Against answers that another model's alignment left behind: boilerplate refusals, and sentences
   * in which it says who it is. English only. Drops for {@code REFUSAL} and {@code IDENTITY}.
   */
  public static RowFilter refusals() {
    return new Refusals();
  }

  /**
   * Against answers of 50 words and more that repeat themselves, by the rules of Gopher (Rae et al.
   * 2021, table A1). Drops for {@code REPETITION}.
   */
  public static RowFilter repetition() {
    return new Repetition();
  }

  /**
   * Against answers in other languages than these, where that is beyond doubt: short texts, code
   * and numbers stay. Drops for {@code OTHER_LANGUAGE}.
   *
   * @param languages ISO 639-1 codes, as {@code en}; at least one
   * @throws IllegalArgumentException for a code that is not known
   */
  public static RowFilter languages(Set<String> languages) {
    return new Languages(languages);
  }

  /** The codes that {@link #languages} knows, in alphabetical order. */
  public static SortedSet<String> knownLanguages() {
    return Languages.known();
  }
}
