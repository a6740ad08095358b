package io.fettle.data.filter;

import io.fettle.data.row.Message;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.lang.Character.UnicodeScript;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Drops answers in other languages, where the script or the commonest function words leave no
 * doubt. Languages in one script other than Latin are not told apart, nor are Latin ones without a
 * list of words; whoever needs that brings a classifier, which reads a thousand times slower.
 */
final class Languages implements RowFilter {
  /** Of fewer letters, or words, a share says nothing. */
  private static final int LEAST_LETTERS = 40;

  private static final int LEAST_WORDS = 12;
  private static final double MOST_IN_OTHER_SCRIPT = 0.5;

  /** Prose has 30 to 50 % of them. */
  private static final double LEAST_FUNCTION_WORDS = 0.2;

  /** Of the words of the language that is found, in those asked for. */
  private static final double MOST_IN_OURS = 0.4;

  private static final Map<String, Set<UnicodeScript>> SCRIPTS = scripts();
  private static final Map<String, Set<String>> WORDS = FunctionWords.byLanguage();

  private final Set<String> asked;
  private final Set<UnicodeScript> scripts = EnumSet.of(UnicodeScript.COMMON);

  Languages(Set<String> asked) {
    var known = known();
    if (asked.isEmpty() || !known.containsAll(asked)) {
      throw new IllegalArgumentException(
          "languages is %s; at least one of %s is expected"
              .formatted(new TreeSet<>(asked), String.join(", ", known)));
    }
    this.asked = Set.copyOf(asked);
    asked.forEach(language -> scripts.addAll(SCRIPTS.get(language)));
  }

  static SortedSet<String> known() {
    return new TreeSet<>(SCRIPTS.keySet());
  }

  private static Map<String, Set<UnicodeScript>> scripts() {
    Map<String, Set<UnicodeScript>> scripts = new HashMap<>();
    for (var latin : "en de fr es it pt nl sv da no pl cs tr fi ro hu vi id".split(" ")) {
      scripts.put(latin, Set.of(UnicodeScript.LATIN));
    }
    for (var cyrillic : "ru uk bg sr".split(" ")) {
      scripts.put(cyrillic, Set.of(UnicodeScript.CYRILLIC));
    }
    scripts.put("el", Set.of(UnicodeScript.GREEK));
    scripts.put("ar", Set.of(UnicodeScript.ARABIC));
    scripts.put("fa", Set.of(UnicodeScript.ARABIC));
    scripts.put("he", Set.of(UnicodeScript.HEBREW));
    scripts.put("hi", Set.of(UnicodeScript.DEVANAGARI));
    scripts.put("th", Set.of(UnicodeScript.THAI));
    scripts.put("ko", Set.of(UnicodeScript.HANGUL));
    scripts.put("zh", Set.of(UnicodeScript.HAN));
    scripts.put("ja", Set.of(UnicodeScript.HAN, UnicodeScript.HIRAGANA, UnicodeScript.KATAKANA));
    return scripts;
  }

  @Override
  public String rule() {
    return "%s %s".formatted(name(), String.join(", ", new TreeSet<>(asked)));
  }

  @Override
  public String name() {
    return "languages";
  }

  @Override
  public Optional<Reason> objection(Row row) {
    for (Message message : row.messages()) {
      if (message.role() == Role.ASSISTANT && isOther(message.content())) {
        return Optional.of(Reason.OTHER_LANGUAGE);
      }
    }
    return Optional.empty();
  }

  private boolean isOther(String text) {
    return isInOtherScript(text) || hasOtherWords(text);
  }

  /** Latin letters decide nothing: names and code are written in them everywhere. */
  private boolean isInOtherScript(String text) {
    Map<UnicodeScript, Integer> others = new EnumMap<>(UnicodeScript.class);
    int letters = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (!Character.isLetter(point)) {
        continue;
      }
      letters++;
      var script = point < 0x80 ? UnicodeScript.LATIN : UnicodeScript.of(point);
      if (script != UnicodeScript.LATIN && !scripts.contains(script)) {
        others.merge(script, 1, Integer::sum);
      }
    }
    int other = others.values().stream().mapToInt(Integer::intValue).sum();
    return other >= LEAST_LETTERS / 2 && other > MOST_IN_OTHER_SCRIPT * letters;
  }

  private boolean hasOtherWords(String text) {
    Map<String, Integer> found = new HashMap<>();
    int words = 0;
    int letters = 0;
    int start = -1;
    for (int i = 0; i <= text.length(); i++) {
      boolean inside = i < text.length() && Character.isLetter(text.charAt(i));
      if (inside && start < 0) {
        start = i;
      } else if (!inside && start >= 0) {
        words++;
        letters += i - start;
        count(text.substring(start, i).toLowerCase(Locale.ROOT), found);
        start = -1;
      }
    }
    return words >= LEAST_WORDS && letters >= LEAST_LETTERS && isOther(found, words);
  }

  private static void count(String word, Map<String, Integer> found) {
    if (word.length() <= FunctionWords.LONGEST) {
      WORDS.forEach(
          (language, list) -> {
            if (list.contains(word)) {
              found.merge(language, 1, Integer::sum);
            }
          });
    }
  }

  private boolean isOther(Map<String, Integer> found, int words) {
    int ours = 0;
    int theirs = 0;
    for (var entry : found.entrySet()) {
      if (asked.contains(entry.getKey())) {
        ours = Math.max(ours, entry.getValue());
      } else {
        theirs = Math.max(theirs, entry.getValue());
      }
    }
    boolean hasNoList =
        scripts.contains(UnicodeScript.LATIN) && asked.stream().noneMatch(WORDS::containsKey);
    return !hasNoList && theirs >= LEAST_FUNCTION_WORDS * words && ours <= MOST_IN_OURS * theirs;
  }
}
