package io.fettle.data.read;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.data.row.Reason;
import java.util.Map;

/** Refuses text that no file of UTF-8, and no trainer, can hold. */
final class Wording {
  private Wording() {}

  static void check(String text) throws BadRow {
    if (text.indexOf('\0') >= 0) {
      throw new BadRow(Reason.NUL_BYTE);
    }
    if (hasLoneSurrogate(text)) {
      throw new BadRow(Reason.LONE_SURROGATE);
    }
  }

  /** Every key and every text of it, and that no number is too large for a number. */
  static void check(JsonNode tree) throws BadRow {
    if (tree.isTextual()) {
      check(tree.textValue());
    }
    if (tree.isDouble() && !Double.isFinite(tree.doubleValue())) {
      throw new BadRow(Reason.BROKEN_TOOL_CALL);
    }
    for (Map.Entry<String, JsonNode> each : tree.properties()) {
      check(each.getKey());
    }
    for (JsonNode each : tree) {
      check(each);
    }
  }

  /** JSON can escape one half of a surrogate pair; no UTF-8 can hold it. */
  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean isPair =
            i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
        if (!isPair) {
          return true;
        }
        i++;
      }
    }
    return false;
  }
}
