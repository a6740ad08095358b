package io.fettle.activities.data;

import io.fettle.data.prepare.TokenCounter.TokenCount;
import io.fettle.data.row.RowJson;
import io.fettle.data.tokens.ChatTemplate;
import io.fettle.data.tokens.ChatTemplate.Counter;
import io.fettle.data.tokens.Tokenizer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

  private static final int BATCH = 256;

  private final ChatTemplate template;
  private final Tokenizer tokenizer;
  private final Path counts;
  private final Path rest;
  private final Queue<Counter> counters = new ConcurrentLinkedQueue<>();
  private long total;
  private long compared;
  private long left;

  QuickCounts(ChatTemplate template, Tokenizer tokenizer, Path work) {
    this.template = template;
    this.tokenizer = tokenizer;
    this.counts = work.resolve("counts");
    this.rest = work.resolve("rest.jsonl");
  }

  /** A line and what it counts: without tokens where that is not certain. */
  private record Counted(String line, TokenCount count) {
    boolean isCertain() {
      return count.tokens() > 0;
    }
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

  void count(Path rows, LongConsumer told) throws IOException, InterruptedException {
    long sampled = Math.max(1, lines(rows) / SAMPLE);
    int threads = Runtime.getRuntime().availableProcessors();
    try (var workers = Executors.newFixedThreadPool(threads);
        var lines = Files.newBufferedReader(rows);
        var out = output();
        var more = Files.newBufferedWriter(rest)) {
      var running = new ArrayDeque<Future<List<Counted>>>();
      for (var batch = batch(lines); !batch.isEmpty(); batch = batch(lines)) {
        running.add(submitted(workers, batch));
        if (running.size() > 2 * threads) {
          write(running.remove(), sampled, out, more);
          told.accept(total);
        }
      }
      for (var last : running) {
        write(last, sampled, out, more);
      }
      told.accept(total);
    }
  }

  private static long lines(Path rows) throws IOException {
    try (var lines = Files.lines(rows)) {
      return lines.count();
    }
  }

  private static List<String> batch(BufferedReader lines) throws IOException {
    var batch = new ArrayList<String>(BATCH);
    while (batch.size() < BATCH) {
      var line = lines.readLine();
      if (line == null) {
        return batch;
      }
      batch.add(line);
    }
    return batch;
  }

  private Future<List<Counted>> submitted(ExecutorService workers, List<String> batch) {
    return workers.submit(
        () -> {
          var waiting = counters.poll();
          var counter = waiting == null ? template.counter(tokenizer) : waiting;
          var counted = new ArrayList<Counted>(batch.size());
          for (var line : batch) {
            counted.add(counted(line, counter));
          }
          counters.add(counter);
          return counted;
        });
  }

  private static Counted counted(String line, Counter counter) throws IOException {
    var row = RowJson.row(line);
    var count =
        counter
            .count(row)
            .map(
                each ->
                    new TokenCount(
                        row.id(),
                        each.tokens(),
                        each.supervisedTokens(),
                        each.endsWithEndOfTurn(),
                        ""))
            .orElseGet(() -> new TokenCount(row.id(), 0, 0, false, ""));
    return new Counted(line, count);
  }

  private void write(
      Future<List<Counted>> batch, long sampled, DataOutputStream out, BufferedWriter more)
      throws IOException, InterruptedException {
    for (var each : done(batch)) {
      boolean isSample = total < SAMPLE || total % sampled == 0;
      boolean isLeft = isSample || !each.isCertain();
      out.writeBoolean(isLeft);
      out.writeUTF(each.count().id());
      out.writeInt(each.count().tokens());
      out.writeInt(each.count().supervisedTokens());
      out.writeBoolean(each.count().endsWithEndOfTurn());
      if (isLeft) {
        more.write(each.line());
        more.write('\n');
      }
      compared += isSample && each.isCertain() ? 1 : 0;
      left += each.isCertain() ? 0 : 1;
      total++;
    }
  }

  private static List<Counted> done(Future<List<Counted>> batch)
      throws IOException, InterruptedException {
    try {
      return batch.get();
    } catch (ExecutionException e) {
      throw new IOException("rows could not be counted", e.getCause());
    }
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
