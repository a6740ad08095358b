package io.fettle.activities.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A corpus whose every fault is known: sound rows of a support desk, and among them, shuffled, as
 * many rows of each fault as {@link #planted()} says. The same seed always writes the same bytes.
 */
final class PlantedFaults {
  static final int SOUND = 600;

  /** Rows that may stay and are to be seen all the same. */
  static final int CONFLICTS = 5;

  static final int REDACTED = 7;
  private static final List<String> THINGS =
      List.of("router", "camera", "invoice", "parcel", "lamp", "speaker", "account", "thermostat");
  private static final List<String> TROUBLES =
      List.of(
          "stopped working after the storm",
          "shows a red light since Monday",
          "was never delivered to my door",
          "does not connect to the network",
          "came with the wrong cable",
          "makes a strange noise at night");
  private static final List<String> PLACES =
      List.of("kitchen", "office", "garage", "hall", "cellar", "garden", "attic", "shop");
  private static final List<String> STEPS =
      List.of(
          "hold the button for ten seconds",
          "pull the plug and wait a minute",
          "open the settings and choose your country",
          "send us a picture of the label",
          "ask your neighbour for the letter",
          "write the number of the order on the box");

  private final Random random = new Random(41);
  private final List<byte[]> lines = new ArrayList<>();
  private final Map<String, Integer> planted = new TreeMap<>();

  PlantedFaults() {
    List<String> sound = new ArrayList<>();
    for (int i = 0; i < SOUND; i++) {
      sound.add(row(question(i), answer(i)));
    }
    sound.forEach(line -> lines.add(bytes(line)));
    repeats(sound);
    answers();
    broken();
    leaked();
    conflictsAndPersonal();
    Collections.shuffle(lines, random);
  }

  /** How many rows have to go, by reason. */
  Map<String, Integer> planted() {
    return Map.copyOf(planted);
  }

  int rows() {
    return lines.size();
  }

  void write(Path folder) throws IOException {
    var all = new ByteArrayOutputStream();
    for (byte[] line : lines) {
      all.writeBytes(line);
    }
    Files.write(folder.resolve("desk.jsonl"), all.toByteArray());
    var test = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      test.append(row(question(5_000 + i), answer(5_000 + i)));
    }
    Files.writeString(folder.resolve("held.jsonl"), test);
    Files.writeString(folder.resolve("exam.jsonl"), "{\"question\": \"" + exam() + "\"}\n");
  }

  /** A file of rows that are the wrong way round, beside sound ones. */
  void writeSwapped(Path folder) throws IOException {
    write(folder);
    var swapped = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      swapped.append(row(answer(9_000 + i), question(9_000 + i)));
    }
    Files.writeString(folder.resolve("swapped.jsonl"), swapped);
  }

  private void repeats(List<String> sound) {
    for (int i = 0; i < 10; i++) {
      plant("exact_duplicate", sound.get(i * 7));
    }
    for (int i = 0; i < 8; i++) {
      int of = 100 + i * 11;
      plant("near_duplicate", row(question(of), answer(of) + " Thanks"));
    }
  }

  private void answers() {
    for (int i = 0; i < 6; i++) {
      plant("refusal", row(question(1_000 + i), "I'm sorry, but I cannot help you with that."));
    }
    for (int i = 0; i < 4; i++) {
      plant("identity", row(question(1_100 + i), "As an AI language model I own no such thing."));
    }
    for (int i = 0; i < 5; i++) {
      plant(
          "repetition", row(question(1_200 + i), "Restart it and call again. ".repeat(30).strip()));
    }
    for (int i = 0; i < 4; i++) {
      plant(
          "other_language",
          row(
              question(1_300 + i),
              "Bonjour, nous sommes désolés pour ce retard et nous allons vous envoyer un nouveau colis"
                  + " dans les prochains jours, sans frais pour vous, au numéro "
                  + i));
    }
    plant("too_long", row(question(1_400), answer(1_400) + codes(700)));
  }

  private void broken() {
    for (int i = 0; i < 3; i++) {
      byte[] torn = bytes(row(question(2_000 + i), "x"));
      torn[30] = (byte) 0xff;
      plantBytes("not_utf8", torn);
    }
    plant("broken_json", "{\"prompt\": \"half a row\n");
    plant("broken_json", "not even an object\n");
    plant("duplicate_key", "{\"prompt\": \"a\", \"prompt\": \"b\", \"completion\": \"c\"}\n");
    plant("lone_surrogate", "{\"prompt\": \"half \\ud83d a face\", \"completion\": \"c\"}\n");
    plant("empty_prompt", row(" ", "An answer to nothing."));
    plant("empty_answer", row(question(2_100), ""));
    plant("missing_field", "{\"prompt\": \"no answer here\"}\n");
    plant("nul_byte", "{\"prompt\": \"a\u0000b\", \"completion\": \"c\"}\n");
  }

  private void leaked() {
    for (int i = 0; i < 5; i++) {
      plant("near_test", row(question(5_000 + i), answer(5_000 + i)));
    }
    for (int i = 0; i < 3; i++) {
      plant("benchmark_match", row(question(2_200 + i) + " " + exam(), answer(2_200 + i)));
    }
  }

  private void conflictsAndPersonal() {
    for (int i = 0; i < CONFLICTS; i++) {
      lines.add(bytes(row(question(200 + i), answer(3_000 + i))));
    }
    for (int i = 0; i < REDACTED; i++) {
      lines.add(
          bytes(
              row(
                  question(3_100 + i) + " Write to mara.lind" + i + "@example.org",
                  answer(3_100 + i))));
    }
  }

  private void plant(String reason, String line) {
    plantBytes(reason, bytes(line));
  }

  private void plantBytes(String reason, byte[] line) {
    planted.merge(reason, 1, Integer::sum);
    lines.add(line);
  }

  /** No two numbers below 10,000 have a question in common, nor five words on end that matter. */
  private static String question(int i) {
    var of = new Random(31L * i + 1);
    return "My %s of order %d in the %s %s, and the one from %s number %d %s as well. What can I do about %s?"
        .formatted(
            any(THINGS, of),
            10_000 + i,
            any(PLACES, of),
            any(TROUBLES, of),
            any(PLACES, of),
            70_000 - 3 * i,
            any(TROUBLES, of),
            code(of));
  }

  private static String answer(int i) {
    var of = new Random(31L * i + 2);
    return "Please %s for case %s, then %s near the %s %s. We note %s and %s, %s."
        .formatted(
            any(STEPS, of),
            code(of),
            any(STEPS, of),
            any(PLACES, of),
            code(of),
            code(of),
            code(of),
            any(STEPS, of));
  }

  private static String exam() {
    return "A train of eleven wagons leaves the northern harbour at noon with ninety crates of lemons"
        + " and meets a slower ferry train of seven wagons beside the old stone bridge at two";
  }

  private static String code(Random of) {
    var word = new StringBuilder();
    for (int i = 0; i < 6; i++) {
      word.append((char) ('a' + of.nextInt(26)));
    }
    return word.toString();
  }

  private static String codes(int many) {
    var of = new Random(5);
    var words = new StringBuilder();
    for (int i = 0; i < many; i++) {
      words.append(' ').append(code(of));
    }
    return words.toString();
  }

  private static String any(List<String> of, Random random) {
    return of.get(random.nextInt(of.size()));
  }

  private static String row(String prompt, String answer) {
    return "{\"prompt\": \"" + prompt + "\", \"completion\": \"" + answer + "\"}\n";
  }

  private static byte[] bytes(String line) {
    return line.getBytes(StandardCharsets.UTF_8);
  }
}
