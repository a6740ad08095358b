package io.fettle.activities.spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong, so that a reader sees all of it at once. */
final class Problems {
  private static final int LONGEST_ECHO = 60;

  private final List<SpecReading.Problem> found = new ArrayList<>();

  void add(String path, int line, String text) {
    found.add(new SpecReading.Problem(path, line, text));
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /** By line; what {@code --set} brought comes last. */
  List<SpecReading.Problem> sorted() {
    return found.stream()
        .distinct()
        .sorted(Comparator.comparingInt(p -> p.line() == 0 ? Integer.MAX_VALUE : p.line()))
        .toList();
  }

  /**
   * A value as a message shows it: quoted, one line, not too long, and never one that looks like a
   * key.
   */
  static String echo(String value) {
    if (KeyLike.isKeyLike(value)) return "something that looks like a key";
    var oneLine = value.replaceAll("\\p{Cntrl}+", " ");
    return '"'
        + (oneLine.length() <= LONGEST_ECHO ? oneLine : oneLine.substring(0, LONGEST_ECHO) + "...")
        + '"';
  }
}
