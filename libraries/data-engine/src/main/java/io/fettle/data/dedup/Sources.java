package io.fettle.data.dedup;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Which source each row is of: 8 bytes a row, whatever the sources are called. */
final class Sources {
  private final Map<String, Integer> numbers = new LinkedHashMap<>();
  private final Longs ofRows = new Longs();
  private int rows;

  /** The number of the next row's source. */
  int add(String source) {
    int number = numbers.computeIfAbsent(source, _ -> numbers.size());
    ofRows.add(number);
    rows++;
    return number;
  }

  int of(int row) {
    return (int) ofRows.get(row);
  }

  int rows() {
    return rows;
  }

  /** In the order of their first rows, which is that of their numbers. */
  List<String> names() {
    return new ArrayList<>(numbers.keySet());
  }
}
