package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.data.row.Reason;
import java.util.Locale;

/** The words that people read for the names that documents use. */
public final class Words {
  private static final double KIB = 1024;

  private Words() {}

  /** Of a score or an answer, with its variant and its number of examples: {@code few-shot (4)}. */
  public static String arm(JsonNode node) {
    int shots = node.path("shots").asInt();
    String kind = node.path("arm").asText().toLowerCase(Locale.ROOT).replace('_', '-');
    String name = (kind + " " + node.path("variant").asText()).strip();
    return shots > 0 ? "%s (%d)".formatted(name, shots) : name;
  }

  /**
   * What is wrong with rows that were dropped; a reason that this version does not know as it is.
   */
  static String reason(String name) {
    for (Reason reason : Reason.values()) {
      if (reason.name().equals(name)) {
        return reason.meaning();
      }
    }
    return name;
  }

  /** A measured number with as many digits as mean anything. */
  static String measure(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : String.format(Locale.ROOT, "%.3g", value);
  }

  static String bytes(long bytes) {
    if (bytes < KIB) {
      return bytes + " B";
    }
    int power = (int) (Math.log((double) bytes) / Math.log(KIB));
    return "%s %siB"
        .formatted(
            Html.number(1, (double) bytes / Math.pow(KIB, power)), "KMGTPE".charAt(power - 1));
  }

  static String seconds(double seconds) {
    if (seconds < 60) {
      return Html.number(1, seconds) + " s";
    }
    long whole = Math.round(seconds);
    return whole < 3_600
        ? "%d min %02d s".formatted(whole / 60, whole % 60)
        : "%d h %02d min".formatted(whole / 3_600, whole % 3_600 / 60);
  }
}
