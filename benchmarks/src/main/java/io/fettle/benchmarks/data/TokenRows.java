package io.fettle.benchmarks.data;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.cli.local.Home;
import io.fettle.data.tokens.Encoder;
import io.fettle.data.tokens.Tokenizer;
import io.fettle.statistics.Paired;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Our token counts beside those of Hugging Face's tokenizers, and how quick both are on one core.
 */
public final class TokenRows {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> FAMILIES = List.of("gpt2", "llama3", "qwen", "smollm2");
  private static final String MISMATCHES = "token_count_mismatches";
  private static final String SPEED = "token_count_mb_s_core";
  private static final String RATIO = "token_count_ratio_hf";
  private static final int RANDOM_TEXTS = 2_000;
  private static final int ROUNDS = 7;
  private static final int WARM_UP = 10;
  private static final double NANOS = 1e9;
  private static final double CONFIDENCE = 0.95;

  private TokenRows() {}

  /** Megabytes a second of CPU time, one entry a round. */
  private static final class Speeds {
    private final double[] ours = new double[ROUNDS];
    private final double[] theirs = new double[ROUNDS];

    double middle() {
      return Arrays.stream(ours).sorted().toArray()[ROUNDS / 2];
    }
  }

  /**
   * The three rows. A family whose vocabulary cannot be fetched makes the first row unable to run.
   *
   * @param folder an empty one, for vocabularies and texts
   * @param effort its data are a folder with BANKING77; without it nothing is timed
   */
  public static List<Row> rows(Path folder, Effort effort, Home home) throws Exception {
    var vocabularies = new Vocabularies(home, folder);
    var families = vocabularies.fetched();
    var banking = banking(effort);
    var texts = new ArrayList<>(banking);
    texts.addAll(torture());
    var rows = new ArrayList<Row>();
    rows.add(mismatches(vocabularies, families, texts, folder));
    if (effort.isQuick() || banking.isEmpty()) {
      var why = effort.isQuick() ? "timed; not in --quick" : "needs BANKING77; give --data";
      rows.add(Row.skipped(SPEED, why));
      rows.add(Row.skipped(RATIO, why));
    } else {
      rows.addAll(timed(vocabularies, families, banking, folder));
    }
    return rows;
  }

  // --- Texts

  private static List<String> banking(Effort effort) throws IOException {
    var texts = new ArrayList<String>();
    if (effort.data().isPresent()) {
      for (var name : List.of("train.csv", "test.csv")) {
        var file = effort.data().get().resolve("banking77").resolve(name);
        if (Files.exists(file)) {
          texts.addAll(Files.readAllLines(file));
        }
      }
    }
    return texts;
  }

  /**
   * Every character of Unicode beside letters, digits and spaces, and random texts of all kinds.
   */
  private static List<String> torture() {
    var texts = new ArrayList<String>();
    for (int block = 0; block < 0x110000; block += 16) {
      var text = new StringBuilder();
      for (int point = block; point < block + 16; point++) {
        if (Character.isDefined(point) && Character.getType(point) != Character.SURROGATE) {
          text.append("a").appendCodePoint(point).append(" ").appendCodePoint(point).append("1");
        }
      }
      if (!text.isEmpty() && Character.getType(block) != Character.PRIVATE_USE) {
        texts.add(text.toString());
      }
    }
    var random = new Random(7);
    for (int i = 0; i < RANDOM_TEXTS; i++) {
      texts.add(random(random));
    }
    return texts;
  }

  private static String random(Random random) {
    var pieces =
        List.of(
            " ", "\n", "\r", "\t", "'", "s", "ll", "word", "\u00dc", "7", "12345", "!", "e\u0301");
    var text = new StringBuilder();
    for (int length = random.nextInt(40); length > 0; length--) {
      int point = random.nextInt(0x30000);
      if (random.nextInt(4) > 0 || !Character.isDefined(point)) {
        text.append(pieces.get(random.nextInt(pieces.size())));
      } else if (Character.getType(point) != Character.SURROGATE) {
        text.appendCodePoint(point);
      }
    }
    return text.toString();
  }

  private static Path written(List<String> texts, Path file) throws IOException {
    var lines = new ArrayList<String>();
    for (var text : texts) {
      lines.add(JSON.writeValueAsString(text));
    }
    return Files.writeString(file, String.join("\n", lines));
  }

  // --- Counts

  private static Row mismatches(
      Vocabularies vocabularies, Map<String, Path> families, List<String> texts, Path folder)
      throws IOException, InterruptedException {
    var missing = FAMILIES.stream().filter(family -> !families.containsKey(family)).toList();
    if (!missing.isEmpty()) {
      return Row.skipped(MISMATCHES, "no vocabulary of " + String.join(", ", missing));
    }
    var file = written(texts, folder.resolve("texts.jsonl")).toString();
    var found = new TreeMap<String, Integer>();
    for (var family : families.entrySet()) {
      var out = folder.resolve(family.getKey() + ".counts");
      var tokenizer = family.getValue();
      Vocabularies.run(vocabularies.oracle("count", tokenizer.toString(), file, out.toString()));
      found.put(family.getKey(), differing(tokenizer, texts, Files.readAllLines(out)));
    }
    return Row.measured(
            MISMATCHES,
            found.values().stream().mapToInt(Integer::intValue).sum(),
            "",
            texts.size() * families.size())
        .atMost(0)
        .note("by family %s, of %d texts each".formatted(found, texts.size()));
  }

  private static int differing(Path tokenizer, List<String> texts, List<String> expected)
      throws IOException {
    var encoder = Tokenizer.ofJson(tokenizer).encoder();
    int differing = 0;
    for (int i = 0; i < texts.size(); i++) {
      differing += encoder.count(texts.get(i)) == Integer.parseInt(expected.get(i)) ? 0 : 1;
    }
    return differing;
  }

  // --- Speed

  private static List<Row> timed(
      Vocabularies vocabularies, Map<String, Path> families, List<String> texts, Path folder)
      throws IOException, InterruptedException {
    var file = written(texts, folder.resolve("timed.jsonl")).toString();
    double megabytes = texts.stream().mapToLong(text -> text.getBytes(UTF_8).length).sum() / 1e6;
    var speeds = new TreeMap<String, Speeds>();
    for (var family : families.entrySet()) {
      var command = vocabularies.oracle("speed", family.getValue().toString(), file);
      speeds.put(family.getKey(), speeds(command, family.getValue(), texts, megabytes));
    }
    var slowest =
        speeds.entrySet().stream()
            .min(Comparator.comparingDouble(each -> each.getValue().middle()));
    if (slowest.isEmpty()) {
      return List.of(Row.skipped(SPEED, "no vocabulary"), Row.skipped(RATIO, "no vocabulary"));
    }
    var least = slowest.get().getValue();
    var ratio = Paired.ratio(least.ours, least.theirs, CONFIDENCE);
    var note =
        "%s, the slowest of %s; BANKING77, CPU time of one thread"
            .formatted(slowest.get().getKey(), speeds.keySet());
    return List.of(
        Row.measured(SPEED, least.middle(), "MB/s", ROUNDS).atLeast(80).note(note),
        Row.measured(RATIO, ratio.estimate(), "", ROUNDS)
            .atLeast(10)
            .beside(
                Arrays.stream(least.theirs).sorted().toArray()[ROUNDS / 2],
                new Row.Interval(ratio.low(), ratio.high()))
            .note(note + "; control: encode_batch_fast in MB/s"));
  }

  private static Speeds speeds(
      List<String> command, Path tokenizer, List<String> texts, double megabytes)
      throws IOException, InterruptedException {
    var encoder = Tokenizer.ofJson(tokenizer).encoder();
    for (int i = 0; i < WARM_UP; i++) {
      seconds(encoder, texts);
    }
    var speeds = new Speeds();
    var peer = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (var ask = peer.outputWriter(UTF_8);
        var told = new BufferedReader(new InputStreamReader(peer.getInputStream(), UTF_8))) {
      for (int round = -1; round < ROUNDS; round++) {
        ask.write("again\n");
        ask.flush();
        double seconds = Double.parseDouble(String.valueOf(told.readLine()));
        if (round >= 0) {
          speeds.theirs[round] = megabytes / seconds;
          speeds.ours[round] = megabytes / seconds(encoder, texts);
        }
      }
    } finally {
      peer.destroy();
      peer.waitFor();
    }
    return speeds;
  }

  private static double seconds(Encoder encoder, List<String> texts) {
    var threads = ManagementFactory.getThreadMXBean();
    long begin = threads.getCurrentThreadCpuTime();
    long tokens = 0;
    for (var text : texts) {
      tokens += encoder.count(text);
    }
    double seconds = (threads.getCurrentThreadCpuTime() - begin) / NANOS;
    if (tokens == 0) {
      throw new IllegalStateException("texts without tokens are not timed");
    }
    return seconds;
  }
}
