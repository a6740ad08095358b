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
 * @param command a program that marks
 * @param graders graders of the OpenAI API
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Scoring(
    @Nullable String jsonSchema,
    @Nullable Code code,
    @Nullable Rubric rubric,
    @Nullable Pairwise pairwise,
    @Nullable Command command,
    @Nullable Graders graders) {
  /** Nothing. */
  public static final Scoring NONE = new Scoring(null, null, null, null, null, null);

  public Scoring with(Code newCode) {
    return new Scoring(jsonSchema, newCode, rubric, pairwise, command, graders);
  }

  public Scoring with(Rubric newRubric) {
    return new Scoring(jsonSchema, code, newRubric, pairwise, command, graders);
  }

  public Scoring with(Pairwise newPairwise) {
    return new Scoring(jsonSchema, code, rubric, newPairwise, command, graders);
  }

  public Scoring with(Command newCommand) {
    return new Scoring(jsonSchema, code, rubric, pairwise, newCommand, graders);
  }

  public Scoring with(Graders newGraders) {
    return new Scoring(jsonSchema, code, rubric, pairwise, command, newGraders);
  }

  public Scoring withJsonSchema(String schema) {
    return new Scoring(schema, code, rubric, pairwise, command, graders);
  }

  /**
   * A file that is made of an answer and run.
   *
   * @param template of the file's text, with {@code {answer}}, {@code {reference}} and perhaps
   *     {@code {token}}; or with {@code {answer_json}} and {@code {reference_json}}, the same as
   *     JSON texts, and the token in standard input
   * @param readOnly folders that it may read beside the usual ones
   * @param tests of the rows, by their last user turn; empty: each reference is its own
   */
  public record Code(
      List<String> command,
      String file,
      String template,
      Limits limits,
      List<String> readOnly,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Tests> tests) {
    public Code {
      tests = Copies.list(tests);
      command = Copies.list(command);
      readOnly = Copies.list(readOnly);
    }
  }

  /** Tests of the rows that ask this. */
  public record Tests(String question, String tests) {}

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

  /**
   * A program that marks all answers of an arm.
   *
   * @param program its text
   * @param file what it is called where it runs
   * @param sandbox false: it runs as the worker does
   */
  public record Command(
      String program,
      String file,
      List<String> command,
      boolean sandbox,
      Limits limits,
      List<String> readOnly) {
    public Command {
      command = Copies.list(command);
      readOnly = Copies.list(readOnly);
    }
  }

  /**
   * Graders as the OpenAI API has them.
   *
   * @param json one grader, perhaps of several
   * @param judge whom those ask that ask a model
   * @param limits of those that are programs
   */
  public record Graders(String json, @Nullable Judge judge, Limits limits) {}

  /** Of one run in the sandbox; MiB of memory and of a file, KiB of output. */
  public record Limits(Duration time, int memoryMib, int processes, int fileMib, int outputKib) {}
}
