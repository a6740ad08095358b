package io.fettle.data.contamination;

import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.Format.Shape;
import io.fettle.data.read.Guess;
import io.fettle.data.read.Source;
import java.io.IOException;
import java.nio.file.Path;

/** How a benchmark's file is read: in any shape of rows, or by the names of its fields. */
public final class Benchmark {
  private Benchmark() {}

  /**
   * The file as a source of items. An item that names no answer is its question alone.
   *
   * @param name what reports call it
   * @param usual the fields of rows of prompt and completion where none are named here
   * @param prompt the field with the question, or empty
   * @param answer the field with the answer, or empty
   */
  public static Source source(
      Path file, String name, FieldMapping usual, String prompt, String answer) throws IOException {
    Guess guess = Guess.of(file, name);
    boolean isNamed = !prompt.isEmpty() || !answer.isEmpty();
    String question = prompt.isEmpty() ? usual.prompt() : prompt;
    String reply = answer;
    if (reply.isEmpty()) {
      boolean hasUsual = !isNamed && guess.fields().contains(usual.completion());
      reply = hasUsual ? usual.completion() : question; // a reader wants one
    }
    Format format =
        isNamed ? new Format(guess.format().container(), Shape.PROMPT_COMPLETION) : guess.format();
    return new Source(file, name, format, new FieldMapping(question, reply, "", "", ""));
  }
}
