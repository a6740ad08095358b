package io.fettle.benchmarks;

import java.util.Locale;

/** Numbers for people: four significant digits, no exponent. */
final class Numbers {
  private Numbers() {}

  static String text(double value) {
    if (value == Math.rint(value) && Math.abs(value) < 1e15) {
      return String.format(Locale.ROOT, "%.0f", value);
    }
    int decimals = (int) Math.clamp(3 - Math.floor(Math.log10(Math.abs(value))), 0, 9);
    String text = String.format(Locale.ROOT, "%." + decimals + "f", value);
    return decimals == 0 ? text : text.replaceAll("0+$", "").replaceAll("\\.$", "");
  }
}
