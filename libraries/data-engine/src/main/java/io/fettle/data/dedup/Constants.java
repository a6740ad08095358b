package io.fettle.data.dedup;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * The shingles that say nothing about a row, because many rows of its source hold them: an
 * instruction put before every question, a label's name. A shingle counts as constant in more than
 * 5 % of a source's rows, and in 20 rows at least.
 */
final class Constants {
  static final int MIN_ROWS = 20;
  private static final int ONE_ROW_IN = 20;

  private Constants() {}

  /**
   * The constants of any source, sorted; {@code sources.get(i)} names the source of {@code
   * rows.get(i)}.
   */
  static long[] of(List<long[]> rows, List<String> sources) {
    Map<String, List<long[]>> bySource = new TreeMap<>();
    for (int i = 0; i < rows.size(); i++) {
      bySource.computeIfAbsent(sources.get(i), _ -> new ArrayList<>()).add(rows.get(i));
    }
    LongStream.Builder constants = LongStream.builder();
    bySource.values().forEach(source -> addFrequent(source, constants));
    return Shingles.distinct(constants.build().toArray());
  }

  private static void addFrequent(List<long[]> rows, LongStream.Builder constants) {
    long[] sorted = rows.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    int start = 0;
    for (int i = 1; i <= sorted.length; i++) {
      if (i < sorted.length && sorted[i] == sorted[start]) {
        continue;
      }
      int held = i - start;
      if (held >= MIN_ROWS && (long) held * ONE_ROW_IN > rows.size()) {
        constants.add(sorted[start]);
      }
      start = i;
    }
  }
}
