package io.fettle.data.prepare;

import io.fettle.data.prepare.PrepareReport.PartReport;
import io.fettle.data.prepare.TokenCounter.TokenCount;
import io.fettle.data.version.DatasetManifest;
import java.util.ArrayList;
import java.util.List;

/** Measures one part's rows in tokens. */
final class PartLengths {
  private final List<Integer> lengths = new ArrayList<>();
  private long tokens;
  private long supervisedTokens;

  void add(TokenCount count) {
    tokens += count.tokens();
    supervisedTokens += count.supervisedTokens();
    lengths.add(count.tokens());
  }

  PartReport report(Part part, DatasetManifest.Part written) {
    List<Integer> sorted = lengths.stream().sorted().toList();
    return new PartReport(
        part,
        sorted.size(),
        written.bytes(),
        written.sha256(),
        tokens,
        supervisedTokens,
        sorted.isEmpty() ? 0 : sorted.get(sorted.size() / 2),
        sorted.isEmpty() ? 0 : sorted.getLast());
  }
}
