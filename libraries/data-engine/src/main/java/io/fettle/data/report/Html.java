package io.fettle.data.report;

import java.util.Arrays;
import java.util.Locale;

/** Markup in the making: whatever is filled into it is escaped, unless it is markup itself. */
final class Html {
  private final StringBuilder text = new StringBuilder();

  /** Markup, filled. */
  static Html of(String markup, Object... values) {
    return new Html().add(markup, values);
  }

  /** Appends markup, its {@code %s} filled with escaped text, numbers or other markup. */
  Html add(String markup, Object... values) {
    text.append(markup.formatted(Arrays.stream(values).map(Html::filled).toArray(Object[]::new)));
    return this;
  }

  /** Appends text of ours as it is. */
  Html raw(String ours) {
    text.append(ours);
    return this;
  }

  private static Object filled(Object value) {
    return switch (value) {
      case Html markup -> markup.toString();
      case Long number -> String.format(Locale.ROOT, "%,d", number);
      case Number number -> number;
      default -> escaped(value.toString());
    };
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
