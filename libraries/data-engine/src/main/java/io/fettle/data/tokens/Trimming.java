package io.fettle.data.tokens;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** What a turn loses at its two ends before it is written into the template. */
record Trimming(End left, End right) {
  static final Trimming NONE = new Trimming(End.NOTHING, End.NOTHING);

  enum End {
    NOTHING,

    /** Line feeds. */
    LINES,

    /** What Python's {@code str.isspace} says. */
    SPACES;

    static End of(JsonNode name) throws IOException {
      for (var end : values()) {
        if (end.name().equalsIgnoreCase(name.asText())) {
          return end;
        }
      }
      throw new IOException("the template's description trims " + name);
    }

    private boolean takes(char letter) {
      return this == SPACES ? isSpace(letter) : this == LINES && letter == '\n';
    }
  }

  String of(String said) {
    int from = 0;
    int to = said.length();
    while (from < to && left.takes(said.charAt(from))) {
      from++;
    }
    while (to > from && right.takes(said.charAt(to - 1))) {
      to--;
    }
    return said.substring(from, to);
  }

  static boolean isBlank(String said) {
    return said.chars().allMatch(letter -> isSpace((char) letter));
  }

  private static boolean isSpace(char letter) {
    return switch (letter) {
      case ' ', 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
      default ->
          (letter >= '\t' && letter <= '\r')
              || (letter >= 0x1C && letter <= 0x1F)
              || (letter >= 0x2000 && letter <= 0x200A);
    };
  }
}
