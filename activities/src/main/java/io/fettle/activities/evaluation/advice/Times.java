package io.fettle.activities.evaluation.advice;

import io.fettle.activities.evaluation.advice.Evidence.Dated;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dates and versions in names and texts. */
final class Times {
  /** A document says when it holds near its beginning; dates further on are content. */
  private static final int HEAD = 300;

  private static final String MONTH =
      "(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\\.?";

  private static final Pattern TIME =
      Pattern.compile(
          String.join(
              "|",
              "\\b(?:19|20)\\d\\d[-/._]\\d{1,2}(?:[-/._]\\d{1,2})?(?!\\d)",
              "\\b\\d{1,2}[./]\\d{1,2}[./](?:19|20)\\d\\d\\b",
              "\\b(?:\\d{1,2}\\s+)?" + MONTH + "\\s+(?:\\d{1,2},?\\s+)?(?:19|20)\\d\\d\\b",
              "\\b(?:version|release|revision|rev\\.?|v)[\\s._-]?\\d+(?:\\.\\d+)*(?![\\p{L}\\d])",
              "(?<![\\p{L}\\d.,$€£])(?:19|20)\\d\\d(?![\\p{L}\\d]|[.,]\\d|\\s*(?:%|euro|usd|eur))"),
          Pattern.CASE_INSENSITIVE);

  private Times() {}

  /** As written, in lower case; empty where there is none. */
  static String of(Dated text) {
    if (!text.version().isBlank()) {
      return text.version().strip().toLowerCase(Locale.ROOT);
    }
    if (!text.question().isBlank()) {
      return first(text.question());
    }
    String named = first(text.id());
    String head = text.text().substring(0, Math.min(HEAD, text.text().length()));
    return named.isEmpty() ? first(head) : named;
  }

  private static String first(String text) {
    Matcher found = TIME.matcher(text.replace('_', ' '));
    return found.find() ? found.group().strip().toLowerCase(Locale.ROOT) : "";
  }

  /** The text with a mark for each date and version. */
  static String without(String text) {
    return TIME.matcher(text.replace('_', ' ')).replaceAll("@");
  }
}
