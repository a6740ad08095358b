package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fettle.workflows.wire.Copies;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a metric needs beside the reference. Files are read once, when the criteria are frozen. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ScoringSpec(
    @Setting(
            value =
                "A JSON Schema (Draft 2020-12) that answers of task extraction have to satisfy; it may name no schema"
                    + " outside itself",
            path = true,
            hint = "a file, relative to this spec")
        @JsonProperty("json_schema")
        @Nullable String jsonSchema,
    @Setting("How code that was answered is tried, for metric pass_at_1") @Nullable Code code,
    @Setting("Questions that a judge answers with yes or no, for metric rubric")
        @Nullable Rubric rubric,
    @Setting(
            "A judge that sees the candidate's answer beside another arm's; told, and decides nothing")
        @Nullable Pairwise pairwise,
    @Setting("A program of yours that marks answers, for metric command") @Nullable Command command,
    @Setting("Graders as the OpenAI API has them, for metric grader") @Nullable Graders graders) {

  /** A program that reads and writes JSON lines. */
  public record Command(
      @Setting(
              value =
                  "A file with the program. It reads lines of id, question, reference and answer, and writes one with id"
                      + " and score, 0 to 1, for each, with valid and note if it likes",
              path = true,
              hint = "one file, relative to this spec")
          String program,
      @Setting(
              value = "How it is run; FILE stands for the program",
              fallback = "[python3, -I, FILE]",
              min = 1,
              max = 32,
              hint = "a program and its arguments, as in [python3, -I, FILE]")
          List<String> command,
      @Setting(
              value =
                  "False: it runs as the worker itself, with a network; for a program that you trust as you trust Fettle",
              fallback = "true")
          boolean sandbox,
      @Setting(
              value = "How long it may take for all items of an arm",
              fallback = "10m",
              min = 1,
              max = 86_400)
          Duration time,
      @Setting(
              value = "Memory of all its processes, in MiB",
              fallback = "2048",
              min = 32,
              max = 1_048_576)
          @JsonProperty("memory_mib")
          int memoryMib,
      @Setting(
              value = "Further folders that it may read in the sandbox",
              fallback = "[]",
              max = 32,
              hint = "absolute paths on the worker")
          @JsonProperty("read_only")
          List<String> readOnly) {

    public Command {
      command = Copies.list(command);
      readOnly = Copies.list(readOnly);
    }
  }

  /** Graders of OpenAI's fine-tuning and evals APIs. */
  public record Graders(
      @Setting(
              value =
                  "A JSON file with one grader: string_check, text_similarity, label_model, score_model, python, or multi"
                      + " of those. A row's last answer is item.reference",
              path = true)
          String file,
      @Setting("The model that label_model and score_model ask, in place of the one they name")
          @Nullable Judge judge) {}

  /** Two answers side by side, in both orders. */
  public record Pairwise(
      @Setting("The model that judges; none of those that are compared, and not their kin")
          Judge judge,
      @Setting(
              value = "What makes one of two answers the better one",
              fallback = "It does what is asked more fully and more correctly",
              min = 1,
              max = 2000)
          String better) {}

  /**
   * What a good answer does. The mark is the share of questions that the judge answers with yes.
   */
  public record Rubric(
      @Setting("The model that judges; none of those that are compared, and not their kin")
          Judge judge,
      @Setting(
              value = "Questions about one answer that yes or no answers, a point each",
              min = 1,
              max = 20,
              hint = "a list such as [\"Does it name the invoice's total?\"]")
          List<String> questions,
      @Setting(
              value =
                  "Answers that people have marked, 50 to 200: JSON lines of question, reference (may be left out),"
                      + " answer, and good, true or false. Agreement is told, and what share people would accept",
              path = true)
          @Nullable String labels) {

    public Rubric {
      questions = Copies.list(questions);
    }
  }

  /** A model over the OpenAI API. It is sent questions, references and answers. */
  public record Judge(
      @Setting(
              value = "Address of the API, up to and with its version",
              pattern = "https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*",
              hint = "as in https://judge.internal/v1, without a slash at its end")
          String url,
      @Setting(
              value =
                  "Name of the model at that server; a name that is moved to another model is no pin",
              min = 1,
              max = 256)
          String model,
      @Setting("Key of the API, by name") @JsonProperty("api_key") @Nullable Secret apiKey,
      @Setting(
              value =
                  "How often the same is asked; most replies win, and none where there is no majority",
              fallback = "3",
              min = 1,
              max = 25)
          int samples,
      @Setting(value = "Requests at once", fallback = "8", min = 1, max = 256) int concurrency) {}

  /** A file made of an answer and its row's tests, run in a sandbox without network. */
  public record Code(
      @Setting(
              value = "How the file is run",
              fallback = "[python3, -I, answer.py]",
              min = 1,
              max = 32,
              hint = "a program and its arguments, as in [python3, -I, answer.py]")
          List<String> command,
      @Setting(
              value = "What the file is called",
              fallback = "answer.py",
              pattern = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}",
              hint = "a plain file name, as in answer.py")
          String file,
      @Setting(
              value =
                  "What is in the file: {answer} is the answer's code, {reference} its tests, and {token} a word that has to be the last line it prints; without {token} exit code"
                      + " 0 is enough. An answer can read a token in its own file: with {answer_json} and {reference_json}, the same as JSON texts, the word comes by standard"
                      + " input instead. Left out: Python that runs both in a process that never holds the word",
              min = 8,
              max = 20_000)
          @Nullable String template,
      @Setting(
              value =
                  "Tests of the rows: JSON lines of question, the row's last user turn, and tests. Left out, a row's last"
                      + " answer is its tests",
              path = true)
          @Nullable String tests,
      @Setting("What a run may use at most") Limits limits,
      @Setting(
              value = "Further folders that it may read; /usr is among them already",
              fallback = "[]",
              max = 32,
              hint = "absolute paths on the worker, as in [/opt/jdk]")
          @JsonProperty("read_only")
          List<String> readOnly) {

    public Code {
      command = Copies.list(command);
      readOnly = Copies.list(readOnly);
    }
  }

  /** Limits of one run in the sandbox; what goes over one is a failure of the answer. */
  public record Limits(
      @Setting(
              value = "From start to end",
              fallback = "10s",
              min = 1,
              max = 3600,
              hint = "10s is usual for unit tests")
          Duration time,
      @Setting(
              value = "Memory of all its processes, in MiB",
              fallback = "512",
              min = 32,
              max = 1_048_576)
          @JsonProperty("memory_mib")
          int memoryMib,
      @Setting(value = "Processes and threads at once", fallback = "32", min = 4, max = 4096)
          int processes,
      @Setting(
              value = "Size of a file, and of each of its folders for files, in MiB",
              fallback = "16",
              min = 1,
              max = 65_536)
          @JsonProperty("file_mib")
          int fileMib,
      @Setting(value = "What it may print, in KiB", fallback = "64", min = 1, max = 65_536)
          @JsonProperty("output_kib")
          int outputKib) {}
}
