package io.fettle.data.prepare;

import io.fettle.data.read.Source;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The batches that rows declare: of each name memory holds one text, however many rows have it. */
final class Batches {
  /** More are no batches, and each costs the search for swaps some hundred bytes. */
  static final int MOST = 10_000;

  private static final int LONGEST = 200;

  private final String field;
  private final Map<String, String> names = new HashMap<>();

  /**
   * @param pool whose mapping says where a row's batch stands
   */
  Batches(List<Source> pool) {
    field =
        pool.stream()
            .map(source -> source.fields().batch())
            .filter(name -> !name.isEmpty())
            .findFirst()
            .orElse("");
  }

  /** The name as memory holds it; empty where a row declares none. */
  String held(String name) throws RefusedRows {
    if (name.isEmpty()) {
      return "";
    }
    String held = names.putIfAbsent(name, name);
    if (held != null) {
      return held;
    }
    if (name.length() > LONGEST || names.size() > MOST) {
      throw new RefusedRows(
          "the field \"%s\" (data.batch_by) holds %s, so it names no batches; name the field that says which export or annotator a row came from, or leave it out"
              .formatted(
                  field,
                  name.length() > LONGEST
                      ? "texts of more than %d characters".formatted(LONGEST)
                      : "more than %,d different values".formatted(MOST)));
    }
    return name;
  }

  /**
   * Refuses a mapping that fits no row; such a slip would else go unnoticed.
   *
   * @param rows how many were read
   */
  void refuseUnused(int rows) throws RefusedRows {
    if (rows > 0 && names.isEmpty() && !field.isEmpty()) {
      throw new RefusedRows(
          "no row says its batch: the field \"%s\" (data.batch_by) is missing or empty in all of them; correct its name, or leave it out"
              .formatted(field));
    }
  }
}
