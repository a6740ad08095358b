package io.fettle.activities.data;

import io.fettle.data.prepare.TemplateCounts;
import io.fettle.data.prepare.TokenCounter.TokenCount;
import io.fettle.data.tokens.ChatTemplate;
import io.fettle.data.tokens.Tokenizer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/**
 * Counts rows on all cores and leaves a rest to the trainer: rows that are not certain, and a
 * sample by which both are compared. Holds no more than a few thousand rows; the counts lie in a
 * file until it is known whether they count.
 */
final class QuickCounts {
  /** Rows that both count at least: the first ones, and as many of all. */
  static final int SAMPLE = 200;

  /** How often progress is told, in rows. */
  private static final int TOLD = 4_096;

  private final ChatTemplate template;
  private final Tokenizer tokenizer;
  private final Path counts;
  private final Path rest;
  private long total;
  private long compared;
  private long left;

  QuickCounts(ChatTemplate template, Tokenizer tokenizer, Path work) {
    this.template = template;
    this.tokenizer = tokenizer;
    this.counts = work.resolve("counts");
    this.rest = work.resolve("rest.jsonl");
  }

  /** The rows that the trainer is to count, in their order; after {@link #count}. */
  Path rest() {
    return rest;
  }

  /** Who counted what, for the report. */
  String summary() {
    return "%d rows by their template's pieces, %d of them by the trainer too; %d by the trainer alone"
        .formatted(total - left, compared, left);
  }

  void count(Path rows, LongConsumer told) throws IOException {
    long sampled = Math.max(1, lines(rows) / SAMPLE);
    int threads = Runtime.getRuntime().availableProcessors();
    try (var out = output();
        var more = new BufferedOutputStream(Files.newOutputStream(rest))) {
      new TemplateCounts(template, tokenizer, threads)
          .count(
              rows,
              (count, buffer, from, to) -> {
                if (write(count, sampled, out)) {
                  more.write(buffer, from, to - from);
                }
                if (total % TOLD == 0) {
                  told.accept(total);
                }
              });
      told.accept(total);
    }
  }

  private static long lines(Path rows) throws IOException {
    try (var lines = Files.lines(rows)) {
      return lines.count();
    }
  }

  /** Whether the trainer is to count it too. */
  private boolean write(TokenCount count, long sampled, DataOutputStream out) throws IOException {
    boolean isCertain = count.tokens() > 0;
    boolean isSample = total < SAMPLE || total % sampled == 0;
    boolean isLeft = isSample || !isCertain;
    out.writeBoolean(isLeft);
    out.writeUTF(count.id());
    out.writeInt(count.tokens());
    out.writeInt(count.supervisedTokens());
    out.writeBoolean(count.endsWithEndOfTurn());
    compared += isSample && isCertain ? 1 : 0;
    left += isCertain ? 0 : 1;
    total++;
    return isLeft;
  }

  private DataOutputStream output() throws IOException {
    return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(counts)));
  }

  // --- Beside what the trainer says

  /** The first row that the trainer counts otherwise; empty if there is none. */
  String difference(Path rendered) throws IOException {
    var differing = new ArrayList<String>();
    merge(
        rendered,
        (own, trainers) -> {
          if (own.tokens() > 0 && !own.equals(trainers) && differing.isEmpty()) {
            differing.add("it counts row %s otherwise".formatted(own.id()));
          }
        });
    return String.join("", differing);
  }

  /** Every count in the order of the rows: the trainer's where there is one. */
  void tell(Path rendered, Consumer<TokenCount> told) throws IOException {
    merge(rendered, (_, count) -> told.accept(count));
  }

  private interface Merged {
    void take(TokenCount own, TokenCount trainers);
  }

  private void merge(Path rendered, Merged merged) throws IOException {
    try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(counts)));
        var trainers = new RenderedCounts(rendered)) {
      for (long row = 0; row < total; row++) {
        boolean isLeft = in.readBoolean();
        var own = new TokenCount(in.readUTF(), in.readInt(), in.readInt(), in.readBoolean(), "");
        merged.take(own, isLeft ? trainers.next() : own);
      }
    }
  }
}
