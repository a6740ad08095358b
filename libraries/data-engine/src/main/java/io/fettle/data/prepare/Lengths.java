package io.fettle.data.prepare;

import io.fettle.data.prepare.PrepareReport.LengthReport;
import io.fettle.data.prepare.TokenCounter.TokenCount;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Counts rows by their length in tokens. */
final class Lengths {
  private static final int BINS = 20;

  private Lengths() {}

  static LengthReport of(List<TokenCount> counts, List<Entry> after) {
    int[] all =
        counts.stream().filter(row -> row.error().isEmpty()).mapToInt(TokenCount::tokens).toArray();
    int longest = Arrays.stream(all).max().orElse(0);
    if (longest == 0) {
      return new LengthReport(List.of(), List.of(), List.of());
    }
    int width = Math.ceilDiv(longest + 1, BINS);
    List<Integer> edges = IntStream.rangeClosed(0, BINS).mapToObj(bin -> bin * width).toList();
    int[] kept = after.stream().mapToInt(row -> counts.get(row.place()).tokens()).toArray();
    return new LengthReport(edges, bins(all, width), bins(kept, width));
  }

  private static List<Long> bins(int[] lengths, int width) {
    long[] bins = new long[BINS];
    for (int length : lengths) {
      bins[length / width]++;
    }
    return LongStream.of(bins).boxed().toList();
  }
}
