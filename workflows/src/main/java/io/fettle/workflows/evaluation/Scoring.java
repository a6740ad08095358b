package io.fettle.workflows.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fettle.workflows.spec.Secret;
import io.fettle.workflows.wire.Copies;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changes a mark beside metric and reference; part of the hashed criteria, so everything is
 * here by value: a file that changes later changes nothing.
 *
 * @param jsonSchema text of the schema that answers have to satisfy
 * @param code how code is tried
 * @param rubric what a judge is asked
 * @param pairwise how the candidate's answers are put beside those of other arms
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Scoring(
    @Nullable String jsonSchema,
    @Nullable Code code,
    @Nullable Rubric rubric,
    @Nullable Pairwise pairwise) {

  /**
   * A file that is made of an answer and run.
   *
   * @param template of the file's text, with {@code {answer}}, {@code {reference}} and perhaps
   *     {@code {token}}
   * @param readOnly folders that it may read beside the usual ones
   */
  public record Code(
      List<String> command, String file, String template, Limits limits, List<String> readOnly) {
    public Code {
      command = Copies.list(command);
      readOnly = Copies.list(readOnly);
    }
  }

  /**
   * Questions about each answer.
   *
   * @param instructions what the judge is told before each
   * @param labels answers that people have marked; empty: none
   */
  public record Rubric(
      Judge judge,
      String instructions,
      List<String> questions,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Label> labels) {
    public Rubric {
      questions = Copies.list(questions);
      labels = Copies.list(labels);
    }
  }

  /** What people said of an answer. */
  public record Label(String question, String reference, String answer, boolean good) {}

  /**
   * Two answers side by side.
   *
   * @param instructions what the judge is told before each pair
   */
  public record Pairwise(Judge judge, String instructions) {}

  /**
   * A pinned model and how it is asked.
   *
   * @param samples how often the same is asked, with seeds from 0
   * @param maxTokens a reply may have
   */
  public record Judge(
      String url,
      String model,
      @Nullable Secret apiKey,
      int concurrency,
      int samples,
      double temperature,
      int maxTokens) {}

  /** Of one run in the sandbox; MiB of memory and of a file, KiB of output. */
  public record Limits(Duration time, int memoryMib, int processes, int fileMib, int outputKib) {}
}
