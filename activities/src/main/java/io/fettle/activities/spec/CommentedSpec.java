package io.fettle.activities.spec;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.fettle.activities.spec.Shape.Member;
import io.fettle.activities.spec.Shape.Section;
import io.fettle.workflows.spec.SpecPolicy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes a spec for people: a sentence a key, the chosen values set, the defaults in comments. */
final class CommentedSpec {
  private static final int COLUMN = 44;
  private static final Set<String> UNAVAILABLE = SpecPolicy.current().unavailable().keySet();

  private final StringBuilder text = new StringBuilder();
  private final Map<String, Object> chosen;

  private CommentedSpec(Map<String, Object> chosen) {
    this.chosen = chosen;
  }

  static String of(Section spec, Map<String, Object> chosen) {
    var writer = new CommentedSpec(chosen);
    writer.section("", spec, 0);
    return writer.text.toString();
  }

  private void section(String prefix, Section section, int depth) {
    for (var key : section.keys()) {
      var path = prefix + key.name();
      if (isLeftOut(path, key)) continue;
      if (key.shape() instanceof Section inner) {
        if (depth == 0) text.append('\n');
        heading(path, key, depth);
        section(path + ".", inner, depth + 1);
      } else {
        line(path, key, depth);
      }
    }
  }

  /** What this release refuses, and a section of nothing else. */
  private static boolean isLeftOut(String path, Member key) {
    if (UNAVAILABLE.contains(path)) return true;
    return key.shape() instanceof Section inner
        && inner.keys().stream().allMatch(k -> isLeftOut(path + "." + k.name(), k));
  }

  /**
   * A section's own line. It is set where anything in it is, and at the first level always: an
   * empty one means its defaults.
   */
  private void heading(String path, Member key, int depth) {
    boolean isSet = depth == 0 || chosen.keySet().stream().anyMatch(c -> c.startsWith(path + "."));
    append(depth, isSet ? key.name() + ":" : "# " + key.name() + ":", key.setting().value());
  }

  private void line(String path, Member key, int depth) {
    var value = chosen.get(path);
    var comment = key.setting().value() + words(key);
    if (value != null) append(depth, key.name() + ": " + yaml(value), comment);
    else append(depth, "# " + key.name() + ": " + fallback(key), comment);
  }

  private static String words(Member key) {
    return key.shape() instanceof Shape.Choice choice
        ? " (" + String.join(", ", choice.words()) + ")"
        : "";
  }

  private static String fallback(Member key) {
    if (key.hasDefault()) return key.setting().fallback();
    return key.setting().auto() ? "auto" : "";
  }

  private void append(int depth, String code, String comment) {
    var start = "  ".repeat(depth) + code.stripTrailing();
    text.append(start)
        .append(" ".repeat(Math.max(2, COLUMN - start.length())))
        .append("# ")
        .append(comment)
        .append('\n');
  }

  private static String yaml(Object value) {
    return value instanceof List<?> list
        ? list.stream().map(CommentedSpec::scalar).collect(Collectors.joining(", ", "[", "]"))
        : scalar(value);
  }

  /** Plain where that cannot be misread, else in double quotes. */
  private static String scalar(Object value) {
    var text = value.toString();
    boolean isPlain =
        text.matches("[A-Za-z0-9_./][A-Za-z0-9_./-]*") && !text.matches("(?i)null|auto|~");
    return isPlain
        ? text
        : '"' + new String(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
