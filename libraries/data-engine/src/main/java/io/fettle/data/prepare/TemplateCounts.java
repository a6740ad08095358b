package io.fettle.data.prepare;

import io.fettle.data.prepare.TokenCounter.TokenCount;
import io.fettle.data.row.RowJson;
import io.fettle.data.tokens.ChatTemplate;
import io.fettle.data.tokens.ChatTemplate.Counter;
import io.fettle.data.tokens.Tokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Counts rows on several threads from the pieces of a chat template. */
public final class TemplateCounts {
  private final ChatTemplate template;
  private final Tokenizer tokenizer;
  private final int threads;
  private final Queue<Counter> idle = new ConcurrentLinkedQueue<>();

  public TemplateCounts(ChatTemplate template, Tokenizer tokenizer, int threads) {
    this.template = template;
    this.tokenizer = tokenizer;
    this.threads = threads;
  }

  /** Takes the counts in the order of the rows. */
  @FunctionalInterface
  public interface Sink {
    /**
     * A row's count.
     *
     * @param count without tokens where that is not certain
     * @param buffer holds the row's line between {@code from} and {@code to}, its line feed
     *     included
     */
    void counted(TokenCount count, byte[] buffer, int from, int to) throws IOException;
  }

  private record Counted(LineFile.Block block, List<TokenCount> counts) {}

  /** Counts a file of rows in their normal form; holds some of its blocks at a time. */
  public void count(Path rows, Sink sink) throws IOException {
    try (var work = new InOrder<Counted>(threads, counted -> tell(counted, sink))) {
      new LineFile(rows).forEachBlock(block -> work.add(() -> counted(block)));
      work.finish();
    }
  }

  private Counted counted(LineFile.Block block) throws IOException {
    var waiting = idle.poll();
    var counter = waiting == null ? template.counter(tokenizer) : waiting;
    var counts = new ArrayList<TokenCount>();
    block.forEach((_, buffer, from, to) -> counts.add(count(counter, buffer, from, to)));
    idle.add(counter);
    return new Counted(block, counts);
  }

  private static TokenCount count(Counter counter, byte[] buffer, int from, int to)
      throws IOException {
    var row = RowJson.row(buffer, from, to);
    return counter
        .count(row)
        .map(
            each ->
                new TokenCount(
                    row.id(), each.tokens(), each.supervisedTokens(), each.endsWithEndOfTurn(), ""))
        .orElseGet(() -> new TokenCount(row.id(), 0, 0, false, ""));
  }

  private static void tell(Counted counted, Sink sink) throws IOException {
    var counts = counted.counts().iterator();
    counted.block().forEach((_, buffer, from, to) -> sink.counted(counts.next(), buffer, from, to));
  }
}
