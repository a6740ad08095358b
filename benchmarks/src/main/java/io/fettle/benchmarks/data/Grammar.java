package io.fettle.benchmarks.data;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Sentences drawn from the grammar of {@code shapes.txt}, which says how it is read. */
final class Grammar {
  private static final Pattern NAME = Pattern.compile("(?<!\\\\)\\{(\\w+)(?:#(\\d))?}");
  private static final String ARROW = " => ";

  private final Map<String, List<String>> alternatives = new HashMap<>();

  /** A prompt and an answer. */
  record Drawn(String prompt, String answer) {}

  private Grammar(String text) {
    var name = "";
    var lines = text.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    var bodies = new HashMap<String, String>();
    for (var line : lines) {
      if (!line.startsWith(" ")) {
        name = line.substring(0, line.indexOf(':'));
      }
      var body = line.startsWith(" ") ? line : line.substring(name.length() + 1);
      bodies.merge(name, body, (before, more) -> before + " " + more.strip());
    }
    bodies.forEach(
        (key, body) ->
            alternatives.put(key, Stream.of(body.split("\\|")).map(String::strip).toList()));
  }

  static Grammar shapes() {
    try (var in = Grammar.class.getResourceAsStream("shapes.txt")) {
      return new Grammar(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException broken) {
      throw new IllegalStateException("shapes.txt cannot be read", broken);
    }
  }

  Drawn draw(String name, Random random) {
    var sides = new Choice(random, new HashMap<>()).of(name, "").split(ARROW, 2);
    return new Drawn(worn(plain(sides[0]), random), worn(plain(sides[1]), random));
  }

  /** As people write: some without capitals, some without their last mark, some with a slip. */
  private static String worn(String text, Random random) {
    var left = random.nextInt(6) == 0 ? text.toLowerCase(Locale.ROOT) : text;
    if (random.nextInt(8) == 0 && left.matches("(?s).+[.?!]")) {
      left = left.substring(0, left.length() - 1);
    }
    if (random.nextInt(5) == 0 && left.length() > 3) {
      int at = 1 + random.nextInt(left.length() - 2);
      left = left.substring(0, at) + left.charAt(at + 1) + left.charAt(at) + left.substring(at + 2);
    }
    return left;
  }

  private static String plain(String text) {
    return text.replace("\\n", "\n").replace("\\{", "{").replace("\\}", "}").strip();
  }

  private final class Choice {
    private final Random random;
    private final Map<String, Double> places;

    Choice(Random random, Map<String, Double> places) {
      this.random = random;
      this.places = places;
    }

    String of(String name, String key) {
      var all = alternatives.get(name);
      if (all == null) {
        throw new IllegalArgumentException("shapes.txt has no " + name);
      }
      double place =
          key.isEmpty()
              ? random.nextDouble()
              : places.computeIfAbsent(key, _ -> random.nextDouble());
      return NAME.matcher(all.get((int) (place * all.size()))).replaceAll(this::filled);
    }

    private String filled(MatchResult match) {
      var key = match.group(2);
      return Matcher.quoteReplacement(of(match.group(1), key == null ? "" : key));
    }
  }
}
