package io.fettle.activities.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fettle.activities.spec.Shape.Choice;
import io.fettle.activities.spec.Shape.Flag;
import io.fettle.activities.spec.Shape.Many;
import io.fettle.activities.spec.Shape.Member;
import io.fettle.activities.spec.Shape.Real;
import io.fettle.activities.spec.Shape.Section;
import io.fettle.activities.spec.Shape.Span;
import io.fettle.activities.spec.Shape.Text;
import io.fettle.activities.spec.Shape.Whole;
import io.fettle.activities.spec.Tree.Scalar;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A single written value to a typed one, as its shape says, and the sentence on what is allowed
 * where it is not.
 */
final class Values {
  private static final Set<String> YES = Set.of("true", "yes", "on");
  private static final Set<String> NO = Set.of("false", "no", "off");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d[\\d_]{0,30}(\\.\\d{0,30})?|\\.\\d{1,30})([eE][+-]?\\d{1,4})?");
  private static final Pattern SPAN =
      Pattern.compile("(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,8})s)?");
  private static final Pattern ISO_SPAN =
      Pattern.compile("P(\\d{1,6}D)?(T(\\d{1,6}H)?(\\d{1,6}M)?(\\d{1,8}S)?)?");

  private Values() {}

  /** The value, if the text can be one of the shape. Limits are not looked at. */
  static Optional<JsonNode> read(Shape shape, Scalar scalar) {
    return switch (shape) {
      case Text _ -> Optional.of(TextNode.valueOf(scalar.text()));
      case Whole _ ->
          number(scalar.text())
              .filter(d -> d == Math.rint(d) && Math.abs(d) <= Integer.MAX_VALUE)
              .map(d -> IntNode.valueOf((int) (double) d));
      case Real _ -> number(scalar.text()).map(DoubleNode::valueOf);
      case Flag _ -> flag(scalar.text());
      case Span _ -> span(scalar.text()).map(d -> TextNode.valueOf(d.toString()));
      case Choice c ->
          c.words().contains(scalar.text())
              ? Optional.of(TextNode.valueOf(scalar.text()))
              : Optional.empty();
      case Many _, Section _ -> Optional.empty();
    };
  }

  private static Optional<Double> number(String text) {
    if (!NUMBER.matcher(text).matches()) return Optional.empty();
    return Optional.of(Double.parseDouble(text.replace("_", ""))).filter(Double::isFinite);
  }

  private static Optional<JsonNode> flag(String text) {
    var word = text.toLowerCase(Locale.ROOT);
    if (YES.contains(word)) return Optional.of(BooleanNode.TRUE);
    return NO.contains(word) ? Optional.of(BooleanNode.FALSE) : Optional.empty();
  }

  private static Optional<Duration> span(String text) {
    if (ISO_SPAN.matcher(text).matches() && !text.endsWith("T") && text.length() > 1)
      return Optional.of(Duration.parse(text));
    var parts = SPAN.matcher(text);
    if (text.isEmpty() || !parts.matches()) return Optional.empty();
    return Optional.of(
        Duration.ofDays(part(parts.group(1)))
            .plusHours(part(parts.group(2)))
            .plusMinutes(part(parts.group(3)))
            .plusSeconds(part(parts.group(4))));
  }

  private static long part(@org.jspecify.annotations.Nullable String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  /** The quantity that {@link io.fettle.workflows.spec.Setting#min} and max bound. */
  static double measure(Shape shape, JsonNode value) {
    return switch (shape) {
      case Text _, Choice _ -> value.asText().length();
      case Span _ -> Duration.parse(value.asText()).toSeconds();
      case Many _ -> value.size();
      case Whole _, Real _ -> value.asDouble();
      case Flag _, Section _ -> 0;
    };
  }

  /** What may stand at the key, in words. */
  static String allowed(Member key) {
    var setting = key.setting();
    if (!setting.pattern().isEmpty()) return setting.hint();
    var hint = setting.hint().isEmpty() ? "" : "; " + setting.hint();
    return allowed(key.shape(), key) + (setting.auto() ? ", or auto" : "") + hint;
  }

  private static String allowed(Shape shape, Member key) {
    return switch (shape) {
      case Text _ when key.setting().path() -> "a path";
      case Text _ -> "a text" + range(key, " of ", " characters");
      case Whole _ -> "a whole number" + range(key, " from ", "");
      case Real _ -> "a number" + range(key, " from ", "");
      case Flag _ -> "true or false";
      case Span _ -> "a time with its unit" + spanRange(key);
      case Choice c -> "known: " + String.join(", ", c.words());
      case Many _ -> "a list" + range(key, " of ", " items");
      case Section s -> "a section with " + String.join(", ", s.names());
    };
  }

  private static String range(Member key, String before, String after) {
    if (!key.hasLimits()) return "";
    double min = key.setting().min();
    double max = key.setting().max();
    if (max == Double.POSITIVE_INFINITY) return " of at least " + show(min) + after;
    if (min == Double.NEGATIVE_INFINITY) return " of at most " + show(max) + after;
    return before + show(min) + " to " + show(max) + after;
  }

  private static String spanRange(Member key) {
    if (!key.hasLimits()) return "";
    return " from "
        + show(Duration.ofSeconds((long) key.setting().min()))
        + " to "
        + show(Duration.ofSeconds((long) key.setting().max()));
  }

  /** As one would write it: 2e-4, 0.05, 4096. */
  static String show(double number) {
    if (number == Math.rint(number) && Math.abs(number) < 1e12) return Long.toString((long) number);
    var text = Double.toString(number);
    if (Math.abs(number) >= 1e-3) return text;
    return text.replace(".0E", "e").replace('E', 'e');
  }

  /** As one would write it: 15m, 24h, 90s. */
  static String show(Duration time) {
    long s = time.toSeconds();
    if (s != 0 && s % 86_400 == 0 && s > 86_400) return s / 86_400 + "d";
    if (s != 0 && s % 3600 == 0) return s / 3600 + "h";
    return s != 0 && s % 60 == 0 ? s / 60 + "m" : s + "s";
  }
}
