package io.fettle.cli.command;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Rows in the shape of BANKING77, a customer's question and one of 77 intents, with faults planted
 * among them: repeated and nearly repeated rows, broken and incomplete ones, conflicts of labels,
 * refusals, personal data, bytes that are no UTF-8.
 */
public final class PlantedRows {
  private static final int INTENTS = 77;
  private static final int WORDS = 4_000;
  private static final int PER_MILLE = 1_000;

  private final Random random;
  private final OutputStream out;
  private final List<String> prompts = new ArrayList<>();

  private PlantedRows(Random random, OutputStream out) {
    this.random = random;
    this.out = out;
  }

  /** Writes so many lines; equal seeds give equal bytes. */
  public static Path write(Path file, int rows, long seed) throws IOException {
    try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
      var planted = new PlantedRows(new Random(seed), out);
      for (int i = 0; i < rows; i++) {
        planted.next();
      }
    }
    return file;
  }

  private void next() throws IOException {
    int draw = prompts.size() < 100 ? PER_MILLE : random.nextInt(PER_MILLE);
    if (draw < 5) {
      line("{\"prompt\": \"" + question() + "\", \"completion\": ");
    } else if (draw < 8) {
      line("{\"prompt\": \"" + question() + "\"}");
    } else if (draw < 10) {
      out.write(new byte[] {(byte) 0xC3, '(', '\n'});
    } else if (draw < 13) {
      row(question(), "I'm sorry, but I can't help with that.");
    } else if (draw < 15) {
      row(question(), "As an AI language model, I cannot help with that.");
    } else if (draw < 25) {
      row("write to ada.%d@example.org about %s".formatted(draw, question()), intent(draw));
    } else if (draw < 35) {
      row(earlier(), "another_intent"); // a conflict
    } else if (draw < 65) {
      String prompt = earlier();
      row(prompt, intent(prompt.hashCode()));
    } else if (draw < 105) {
      String prompt = earlier();
      row(prompt + " please", intent(prompt.hashCode()));
    } else {
      String prompt = question();
      prompts.add(prompt);
      row(prompt, intent(prompt.hashCode()));
    }
  }

  private void row(String prompt, String answer) throws IOException {
    line("{\"prompt\": \"%s\", \"completion\": \"%s\"}".formatted(prompt, answer));
  }

  private void line(String text) throws IOException {
    out.write((text + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private String earlier() {
    return prompts.get(random.nextInt(prompts.size()));
  }

  private String question() {
    var text = new StringBuilder("my");
    int words = 12 + random.nextInt(12);
    for (int i = 0; i < words; i++) {
      text.append(' ').append(Integer.toString(random.nextInt(WORDS) * 7_919 + 11, 36));
    }
    return text.append('?').toString();
  }

  private static String intent(int hash) {
    return "intent_%02d".formatted(Math.floorMod(hash, INTENTS));
  }
}
