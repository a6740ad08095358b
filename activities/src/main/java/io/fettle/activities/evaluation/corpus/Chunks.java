package io.fettle.activities.evaluation.corpus;

import io.fettle.activities.evaluation.retrieval.Passage;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Cuts a document into passages of so many words, each of which begins an eighth before the last
 * one's end.
 */
final class Chunks {
  private static final Pattern WORD = Pattern.compile("\\S+");
  private static final int OVERLAP = 8;

  private Chunks() {}

  static List<Passage> of(Document document, int words) {
    List<MatchResult> found = WORD.matcher(document.text()).results().toList();
    List<Passage> passages = new ArrayList<>();
    int stride = words - words / OVERLAP;
    int from = 0;
    do {
      int to = Math.min(from + words, found.size());
      String text = document.text().substring(found.get(from).start(), found.get(to - 1).end());
      passages.add(new Passage(document.id() + "#" + (passages.size() + 1), text, text, ""));
      from = to == found.size() ? to : from + stride;
    } while (from < found.size());
    return passages;
  }

  /** The first words of a text, all white space as it was. */
  static String first(String text, int words) {
    return WORD.matcher(text)
        .results()
        .skip(words)
        .findFirst()
        .map(next -> text.substring(0, next.start()).strip())
        .orElse(text);
  }
}
