package io.fettle.cli.command;

import io.fettle.data.inspect.Inspection;
import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import io.fettle.data.row.Tally.Counts.Drop;
import io.fettle.data.version.DatasetManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What was found in a file, in lines for people. */
final class InspectionLines {
  private static final int LINES = 10;
  private static final int LETTERS = 400;

  private InspectionLines() {}

  static List<String> of(Inspection found) {
    List<String> lines = new ArrayList<>();
    var fields = found.fields().isEmpty() ? "" : "; fields " + String.join(", ", found.fields());
    lines.add(safe("%s: %s, %s%s".formatted(found.name(), container(found), shape(found), fields)));
    lines.add(
        line(
            "rows",
            "%s good, %s bad, %s exact duplicates"
                .formatted(
                    number(found.rows().kept()),
                    number(found.rows().seen() - found.rows().kept()),
                    number(found.duplicates()))));
    found.rows().drops().forEach(drop -> lines.add(bad(drop)));
    lines.add(lengths("prompt", found.prompts()));
    lines.add(lengths("answer", found.answers()));
    lines.add(
        line(
            "turns",
            Stream.of(Role.values())
                .map(role -> role.word() + " " + found.turns().getOrDefault(role, 0L))
                .collect(Collectors.joining(", "))));
    if (found.withTools() + found.preferences() > 0) {
      lines.add(
          line(
              "also",
              "%s with tools, %s with a rejected answer"
                  .formatted(number(found.withTools()), number(found.preferences()))));
    }
    if (!found.stopped().isEmpty()) {
      lines.add("  STOPPED  " + safe(found.stopped()));
    }
    found.samples().forEach(row -> lines.addAll(sample(row)));
    return lines;
  }

  /** What a dataset came from. */
  static List<String> of(DatasetManifest manifest) {
    var origin = manifest.origin();
    List<String> lines = new ArrayList<>();
    origin
        .inputs()
        .forEach(
            input ->
                lines.add(line("input", "%s  sha256 %s".formatted(input.name(), input.sha256()))));
    named(lines, "code", origin.code());
    named(lines, "tokens", origin.tokenizer());
    named(lines, "template", origin.template());
    named(lines, "parent", origin.parent());
    return lines.stream().map(InspectionLines::safe).toList();
  }

  private static void named(List<String> lines, String name, String value) {
    if (!value.isEmpty()) {
      lines.add(line(name, value));
    }
  }

  static String container(Inspection found) {
    return found.format().container().name().toLowerCase(Locale.ROOT);
  }

  static String shape(Inspection found) {
    return found.format().shape().name().toLowerCase(Locale.ROOT);
  }

  /** Where the first bad rows of a reason start. */
  static List<Long> lines(Drop drop) {
    return drop.samples().stream()
        .map(id -> Long.parseLong(id.substring(id.lastIndexOf(':') + 1)))
        .toList();
  }

  private static String bad(Drop drop) {
    var starts =
        lines(drop).stream().limit(LINES).map(String::valueOf).collect(Collectors.joining(", "));
    return line(
        "bad",
        "%s: the row %s; lines %s%s"
            .formatted(
                number(drop.rows()),
                drop.reason().meaning(),
                starts,
                drop.rows() > LINES ? ", ..." : ""));
  }

  private static String lengths(String name, Inspection.Lengths lengths) {
    return line(
        name,
        "%s to %s letters, half of them up to %s, nine of ten up to %s"
            .formatted(
                number(lengths.shortest()),
                number(lengths.longest()),
                number(lengths.median()),
                number(lengths.most())));
  }

  private static List<String> sample(Row row) {
    List<String> lines = new ArrayList<>();
    lines.add("  sample   " + safe(row.id()));
    for (Message message : row.messages()) {
      var text = message.content();
      var shown = text.length() > LETTERS ? text.substring(0, LETTERS) + " ..." : text;
      lines.add("    %s: %s".formatted(message.role().word(), safe(shown)));
    }
    return lines;
  }

  private static String line(String name, String text) {
    return "  %-8s %s".formatted(name, text);
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A row must not steer the terminal that it is shown on. */
  private static String safe(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "\ufffd");
  }
}
