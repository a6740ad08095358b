package io.fettle.data.read;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The names that a file gives its columns. */
record Header(List<String> names) {
  private static final int SHOWN = 20;
  private static final int LONGEST_SHOWN = 40;

  Header {
    names = List.copyOf(names);
  }

  /** What is wrong with it, if these are to be read; empty where nothing is. */
  String problem(List<String> needed) {
    for (String each : needed) {
      if (!names.contains(each)) {
        return "no column \"%s\"; the file has %s".formatted(each, shown());
      }
    }
    Set<String> seen = new HashSet<>();
    return names.stream()
        .filter(each -> !each.isEmpty() && !seen.add(each))
        .findFirst()
        .map(each -> "the file names the column \"%s\" twice; rename one".formatted(cut(each)))
        .orElse("");
  }

  /** Where the header is missing these are the texts of a row, of which no message tells much. */
  private String shown() {
    String shown = names.stream().limit(SHOWN).map(Header::cut).collect(Collectors.joining(", "));
    return names.size() <= SHOWN ? shown : shown + " and %d more".formatted(names.size() - SHOWN);
  }

  private static String cut(String name) {
    String line = name.replaceAll("\\s+", " ");
    return line.codePointCount(0, line.length()) <= LONGEST_SHOWN
        ? line
        : line.substring(0, line.offsetByCodePoints(0, LONGEST_SHOWN)) + "...";
  }
}
