package io.fettle.cli.command;

import java.util.List;
import java.util.Locale;

/** Bytes as people read them. */
final class Sizes {
  private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB");

  private Sizes() {}

  static String of(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= 1_000 && unit < UNITS.size() - 1) {
      amount /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", amount, UNITS.get(unit));
  }
}
