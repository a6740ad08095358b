package io.fettle.activities.catalogue;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** One line of a file; whatever is wrong with a cell becomes a problem with its place. */
final class Row {
  private final String place;
  private final Map<String, String> cells;
  private final List<String> problems;

  Row(long line, Map<String, String> cells, List<String> problems) {
    this.place = "line " + line;
    this.cells = cells;
    this.problems = problems;
  }

  Optional<String> text(String column) {
    return Optional.ofNullable(cells.get(column)).map(String::strip).filter(c -> !c.isEmpty());
  }

  String word(String column, Pattern allowed, String hint) {
    var word = text(column).orElse("");
    if (allowed.matcher(word).matches()) return word;
    problem(column, word.isEmpty() ? "is missing; " + hint : "is %s; %s".formatted(word, hint));
    return "";
  }

  /** What is known already where the cell is empty. */
  double number(String column, double least, double most, Optional<Double> known) {
    var text = text(column);
    if (text.isEmpty()) {
      if (known.isEmpty()) problem(column, "is missing; a new type needs it");
      return known.orElse(least);
    }
    try {
      double value = Double.parseDouble(text.get());
      if (value >= least && value <= most) return value;
    } catch (NumberFormatException notOne) {
      // told below
    }
    problem(column, "is %s; a number from %s to %s".formatted(text.get(), show(least), show(most)));
    return least;
  }

  int count(String column, int most, Optional<Integer> known) {
    double value = number(column, 0, most, known.map(Integer::doubleValue));
    if (value != Math.rint(value)) problem(column, "is %s; a whole number".formatted(value));
    return (int) value;
  }

  boolean flag(String column, boolean known) {
    var text = text(column);
    if (text.isEmpty()) return known;
    if (text.get().equals("true")) return true;
    if (!text.get().equals("false")) problem(column, "is %s; true or false".formatted(text.get()));
    return false;
  }

  Optional<LocalDate> date(String column) {
    var text = text(column);
    if (text.isEmpty()) return Optional.empty();
    try {
      return Optional.of(LocalDate.parse(text.get()));
    } catch (DateTimeParseException e) {
      problem(column, "is %s; a date, as 2026-11-24".formatted(text.get()));
      return Optional.empty();
    }
  }

  void problem(String column, String text) {
    problems.add("%s, %s: %s".formatted(place, column, text));
  }

  private static String show(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
