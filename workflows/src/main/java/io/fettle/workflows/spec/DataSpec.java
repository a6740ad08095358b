package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fettle.workflows.wire.Copies;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows and how they become three parts. Lengths are tokens under the model's own template. At
 * most one of {@code devFraction} and {@code devRows} is set; of {@code test}, {@code testFraction}
 * and {@code testRows} exactly one.
 */
public record DataSpec(
    @Setting(
            value =
                "Files with the rows, or folders of them: JSON lines, CSV, TSV or Parquet, packed or not",
            min = 1,
            max = 1000,
            path = true,
            remote = true,
            folders = true,
            hint =
                "a list of files and folders, relative to this spec, .dvc files that point to some, or s3:// and gs://"
                    + " addresses, a folder's with a slash at its end")
        List<String> train,
    @Setting(
            value =
                "A file with the test rows, or a folder of them; they stay whole and nothing near them is trained on",
            path = true,
            remote = true,
            folders = true,
            hint = "leave it out and test_fraction sets rows aside")
        @Nullable String test,
    @Setting(
            value =
                "Files with the items of benchmarks; rows that hold one are dropped and the report shows where, the"
                    + " files stay as they are",
            fallback = "[]",
            max = 100,
            hint = "a list such as [{file: maths.jsonl, prompt: question}]")
        @JsonInclude(JsonInclude.Include.NON_EMPTY) // a spec without them keeps its run's id
        List<Benchmark> benchmarks,
    @Setting(value = "How a row is written; auto looks at the first rows", fallback = "auto")
        Format format,
    @Setting("Which field of a row is what (formats prompt_completion and csv)") Mapping mapping,
    @Setting(
            value = "System message given to every row that has none of its own",
            min = 1,
            max = 8000,
            hint = "one short instruction, the same in training and in serving")
        @JsonProperty("system_prompt")
        @Nullable String systemPrompt,
    @Setting(
            value = "Field whose equal values stay in one part, as a customer or a document",
            pattern = "\\S(.{0,126}\\S)?",
            hint = "the name of a field or column")
        @JsonProperty("group_by")
        @Nullable String groupBy,
    @Setting(
            value =
                "Field that names what a row came in, as an export or an annotator; a batch whose prompts and answers"
                    + " look swapped is found wherever its rows lie",
            pattern = "\\S(.{0,126}\\S)?",
            hint = "the name of a field or column")
        @JsonProperty("batch_by")
        @Nullable String batchBy,
    @Setting(
            value = "Share of the rows set aside for dev",
            fallback = "0.1",
            min = 0.001,
            max = 0.5,
            unless = "dev_rows")
        @JsonProperty("dev_fraction")
        @Nullable Double devFraction,
    @Setting(
            value = "Number of rows set aside for dev",
            min = 1,
            max = 100_000,
            unless = "dev_fraction")
        @JsonProperty("dev_rows")
        @Nullable Integer devRows,
    @Setting(
            value = "Share of the rows set aside for test",
            fallback = "0.1",
            min = 0.001,
            max = 0.5,
            unless = {"test", "test_rows"})
        @JsonProperty("test_fraction")
        @Nullable Double testFraction,
    @Setting(
            value = "Number of rows set aside for test",
            min = 1,
            max = 100_000,
            unless = {"test", "test_fraction"})
        @JsonProperty("test_rows")
        @Nullable Integer testRows,
    @Setting(value = "Seed of the split", fallback = "17", min = 0, max = Integer.MAX_VALUE)
        @JsonProperty("split_seed")
        int splitSeed,
    @Setting(
            value =
                "Which repeated rows are dropped; near: also those that share 80 % of their word 5-grams with a kept"
                    + " row, unless they answer the same prompt differently",
            fallback = "exact")
        Deduplicate deduplicate,
    @Setting("Which rows are dropped for what they say") Filter filter,
    @Setting(
            value =
                "True: e-mail addresses, phone numbers, IP addresses, IBANs, card numbers and national ids with check"
                    + " digits are replaced by their kind, in every row but those of test; the report counts them",
            fallback = "false")
        boolean redact,
    @Setting(
            value = "What a batch of rows does whose prompts and answers look swapped",
            fallback = "stop",
            hint = "stop, or report to train on the rows as they are")
        Swapped swapped,
    @Setting("How good the rows are by what a judge, or the base model, says of them")
        @JsonInclude(JsonInclude.Include.NON_NULL) // specs without it hash as they did
        @Nullable Quality quality,
    @Setting(
            value = "Longest row that the trainer sees, in tokens",
            fallback = "4096",
            min = 16,
            max = 1_048_576,
            hint = "no more than the model's own limit")
        @JsonProperty("max_length")
        int maxLength,
    @Setting(
            value =
                "Shortest row that is kept, in tokens; auto is 50, or 1 where the answers are labels or objects"
                    + " (evaluate.task classification or extraction)",
            auto = true,
            min = 1,
            max = 1_048_576)
        @JsonProperty("min_tokens")
        @Nullable Integer minTokens,
    @Setting(
            value =
                "Longest row that is kept, in tokens; auto is max_length. Longer rows are dropped and counted, never cut",
            auto = true,
            min = 2,
            max = 1_048_576)
        @JsonProperty("max_tokens")
        @Nullable Integer maxTokens) {

  public DataSpec {
    train = Copies.list(train);
    benchmarks = Copies.list(benchmarks);
    filter = Objects.requireNonNullElse(filter, Filter.NONE); // specs of older releases have none
    swapped = Objects.requireNonNullElse(swapped, Swapped.STOP);
  }

  /** A file of items: rows of any format, or fields that are named here. */
  public record Benchmark(
      @Setting(
              value = "The file, or its s3:// or gs:// address",
              path = true,
              remote = true,
              hint = "relative to this spec, or an s3:// or gs:// address")
          String file,
      @Setting(
              value = "Field with the question; left out, the file is read as the rows are",
              min = 1,
              max = 128)
          @Nullable String prompt,
      @Setting(
              value = "Field with the answer; one of fewer than 50 words is not looked for",
              min = 1,
              max = 128)
          @Nullable String answer) {}

  /** How a row is written. */
  public enum Format {
    @JsonProperty("auto")
    AUTO,
    @JsonProperty("messages")
    MESSAGES,
    @JsonProperty("prompt_completion")
    PROMPT_COMPLETION,
    @JsonProperty("alpaca")
    ALPACA,
    @JsonProperty("sharegpt")
    SHAREGPT,
    @JsonProperty("preference")
    PREFERENCE,
    @JsonProperty("csv")
    CSV,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** What swapped rows do. */
  public enum Swapped {
    @JsonProperty("stop")
    STOP,
    @JsonProperty("report")
    REPORT,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** Rows that are dropped for what they say; each is counted with its reason. */
  public record Filter(
      @Setting(
              value =
                  "True: answers are dropped that another model's alignment left behind, refusals and sentences in"
                      + " which it says who it is (English)",
              fallback = "false")
          boolean refusals,
      @Setting(
              value = "True: answers of 50 words and more are dropped that repeat themselves",
              fallback = "false")
          boolean repetition,
      @Setting(
              value =
                  "Languages of the answers that are kept, as ISO 639-1 codes; empty keeps all. Short answers, code and"
                      + " numbers always stay",
              fallback = "[]",
              max = 20,
              hint = "a list such as [en, de]")
          List<String> languages) {

    static final Filter NONE = new Filter(false, false, List.of());

    public Filter {
      languages = Copies.list(languages);
    }
  }

  /** How good rows are. Only a judge's scores drop rows. */
  public record Quality(
      @Setting("A model over the OpenAI API that gives each row a score from 1 to 5")
          @Nullable Judge judge,
      @Setting(
              value =
                  "Percent of each source's scored rows that are dropped, the lowest scores first; of rows with one score"
                      + " all go or none. Another percent asks the judge nothing",
              fallback = "0",
              min = 0,
              max = 50,
              hint = "10 to 20 is usual")
          @JsonProperty("cut_percent")
          double cutPercent,
      @Setting(
              value =
                  "True: rows are shown, and kept, whose prompts help the base model less to their answers than those of"
                      + " their label and source do. Takes the base model over every row",
              fallback = "false",
              hint = "for where there is no judge")
          @JsonProperty("flag_by_loss")
          boolean flagByLoss) {}

  /** A model that judges rows. It is sent them as they are after redaction. */
  public record Judge(
      @Setting(
              value = "Address of the API, up to and with its version",
              pattern = "https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*",
              hint = "as in https://judge.internal/v1, without a slash at its end")
          String url,
      @Setting(value = "Name of the model at that server", min = 1, max = 256) String model,
      @Setting("Key of the API, by name") @JsonProperty("api_key") @Nullable Secret apiKey,
      @Setting(
              value =
                  "What makes a row good, a line a score; left out, how fully and correctly its last answer does what is"
                      + " asked. Another rubric scores anew",
              min = 1,
              max = 8000)
          @Nullable String rubric,
      @Setting(
              value = "Rows that are asked about at once; auto is 8",
              auto = true,
              min = 1,
              max = 256)
          @Nullable Integer concurrency) {}

  /** Which repeated rows are dropped. */
  public enum Deduplicate {
    @JsonProperty("exact")
    EXACT,
    @JsonProperty("near")
    NEAR,
    @JsonProperty("none")
    NONE,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** Field names of a row that is not chat messages. */
  public record Mapping(
      @Setting(value = "Field with what the user says", fallback = "prompt", min = 1, max = 128)
          String prompt,
      @Setting(
              value = "Field with the answer to learn",
              fallback = "completion",
              min = 1,
              max = 128)
          String completion,
      @Setting(value = "Field with a system message, if rows have one", min = 1, max = 128)
          @Nullable String system) {}
}
