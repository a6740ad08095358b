package io.fettle.activities.spec;

import io.fettle.workflows.spec.Spec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What became of a spec's text: a spec, or problems, never both.
 *
 * @param file name of the text, for messages
 * @param accepted the spec and its canonical form; empty where there are problems
 * @param problems everything that is wrong, by line
 */
public record SpecReading(String file, Optional<Accepted> accepted, List<Problem> problems) {

  public SpecReading {
    problems = List.copyOf(problems);
  }

  static SpecReading refused(String file, List<Problem> problems) {
    return new SpecReading(file, Optional.empty(), problems);
  }

  /**
   * A spec that can be run.
   *
   * @param spec every default filled in, every path absolute
   * @param canonical its JSON: sorted keys, no blanks; equal specs are equal texts
   * @param sha256 lower-case hex of the SHA-256 of the canonical text in UTF-8
   */
  public record Accepted(Spec spec, String canonical, String sha256) {
    /** {@code {name}-{8 hex of the hash}}. */
    public String runId() {
      return spec.name() + "-" + sha256.substring(0, 8);
    }
  }

  /**
   * One thing that is wrong.
   *
   * @param path dotted keys, such as {@code method.lora.r}; empty for the whole text
   * @param line in the text, from 1; 0 for a value from {@code --set}
   * @param text what is wrong, what is allowed and what to do, after the path
   */
  public record Problem(String path, int line, String text) {
    private String where() {
      return line == 0 ? "--set" : "line " + line;
    }
  }

  /**
   * All problems for people: a heading, then one line each, in columns. Empty where there are none.
   */
  public String describe() {
    if (problems.isEmpty()) return "";
    int where = problems.stream().mapToInt(p -> p.where().length()).max().orElse(0);
    int path = problems.stream().mapToInt(p -> p.path().length()).max().orElse(0);
    var heading =
        file + " has " + problems.size() + (problems.size() == 1 ? " problem\n" : " problems\n");
    return problems.stream()
        .map(p -> "  " + pad(p.where(), where) + "  " + pad(p.path(), path) + "  " + p.text())
        .collect(Collectors.joining("\n", heading, "\n"));
  }

  private static String pad(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
