package io.fettle.activities.spec;

import io.fettle.activities.spec.Shape.Many;
import io.fettle.activities.spec.Shape.Section;
import io.fettle.workflows.spec.SpecPolicy;

/** The schema as a page for people: a table a section. */
final class ReferencePage {
  private static final String HEAD =
      """
      # The spec

      Generated from the records in `io.fettle.workflows.spec`; a test keeps it current
      (`-Dfettle.update` writes it anew). A JSON Schema for editors is in [`spec.schema.json`](spec.schema.json).

      - `fettle init` writes a commented spec, `fettle validate` tells every problem in one at once.
      - A key without a default has to be given; *optional* ones may be left out, and `auto` leaves the choice to the plan,
        which prints it.
      - Times carry their unit: `30s`, `15m`, `1h30m`. Paths start at the spec's folder.
      - A single value may stand for a list of one. Aliases, tags and literals that look like a key are refused.
      - `--set train.max_steps=20` changes a value before anything is checked; its paths start at the working folder.
      - The run's id is the name and the first 8 hex digits of the canonical spec's SHA-256: defaults filled in, keys
        sorted, paths absolute. Comments, order and spelling do not change it.
      """;

  private final StringBuilder page = new StringBuilder(HEAD);

  private ReferencePage() {}

  static String of(Section spec) {
    var page = new ReferencePage();
    page.table("", spec);
    return page.page.toString();
  }

  private void table(String prefix, Section section) {
    page.append("\n| key | what it does | allowed | default |\n| --- | --- | --- | --- |\n");
    section.keys().stream()
        .filter(k -> !(k.shape() instanceof Section))
        .forEach(k -> row(prefix, k.name(), k));
    for (var key : section.keys()) {
      if (!(key.shape() instanceof Section inner)) continue;
      if (isSingle(inner)) row(prefix, key.name() + "." + inner.keys().getFirst().name(), key);
    }
    for (var key : section.keys()) {
      if (key.shape() instanceof Section inner && !isSingle(inner))
        part(prefix, key.name(), key, inner);
      if (key.shape() instanceof Many(Section item)) part(prefix, key.name() + "[]", key, item);
    }
  }

  private void part(String prefix, String name, Shape.Member key, Section section) {
    page.append(prefix.isEmpty() ? "\n## " : "\n### ").append(prefix).append(name).append("\n\n");
    page.append(key.setting().value()).append(notYet(prefix + key.name())).append(".\n");
    table(prefix + name + ".", section);
  }

  /** A section of one key, such as a secret's name, is a row and no table of its own. */
  private static boolean isSingle(Section section) {
    return section.keys().size() == 1 && section.keys().getFirst().isRequired();
  }

  private void row(String prefix, String name, Shape.Member key) {
    page.append("| `")
        .append(name)
        .append("` | ")
        .append(cell(key.setting().value() + rivals(key) + notYet(prefix + name)));
    page.append(" | ")
        .append(cell(allowed(key)))
        .append(" | ")
        .append(fallback(key))
        .append(" |\n");
  }

  private static String notYet(String path) {
    return SpecPolicy.current().unavailable().containsKey(path) ? " (refused by this release)" : "";
  }

  private static String rivals(Shape.Member key) {
    var others = String.join(" or ", key.setting().unless());
    return others.isEmpty() ? "" : "; give either this or " + others;
  }

  private static String allowed(Shape.Member key) {
    return key.shape() instanceof Section s
        ? Values.allowed(s.keys().getFirst())
        : Values.allowed(key);
  }

  private static String fallback(Shape.Member key) {
    if (key.setting().auto()) return "`auto`";
    if (key.hasDefault()) return "`" + key.setting().fallback() + "`";
    return key.nullable() ? "*optional*" : "**required**";
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
