package io.fettle.activities.plan;

import java.util.Locale;

/** Sizes for people. */
final class Bytes {
  private Bytes() {}

  static String show(long bytes) {
    if (bytes >= 1_000_000_000L) return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    return String.format(Locale.ROOT, "%d MB", Math.round(bytes / 1e6));
  }
}
