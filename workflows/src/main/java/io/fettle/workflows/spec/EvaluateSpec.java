package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fettle.workflows.wire.Copies;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is measured, and what has to be true before the model may serve. Margins are shares of 1
 * (0.1 is ten points).
 */
public record EvaluateSpec(
    @Setting(
            value =
                "What an answer is: one label of a closed list, a JSON object, calls of tools, code with tests, or free"
                    + " text",
            fallback = "generation")
        Task task,
    @Setting(
            value =
                "What counts as right; auto is macro_f1 for classification, json_exact for extraction,"
                    + " tool_calls_exact for tool_calls, pass_at_1 for code, exact_match for generation",
            auto = true,
            hint =
                "macro_f1 or accuracy for labels; json_exact, field_f1 or schema_valid for objects; exact_match or rubric for"
                    + " text")
        @Nullable Metric metric,
    @Setting(
            value =
                "The labels, for classification; prompted arms are told them. Empty: those that occur are scored, and no"
                    + " arm is told any",
            fallback = "[]",
            max = 10_000)
        List<String> labels,
    @Setting("What the metric needs beside the reference")
        @JsonInclude(JsonInclude.Include.NON_NULL) // specs without it hash as they did
        @Nullable ScoringSpec scoring,
    @Setting(value = "Longest answer, in tokens", fallback = "256", min = 1, max = 32_768)
        @JsonProperty("max_tokens")
        int maxTokens,
    @Setting(
            value = "Questions asked at once; part of the criteria",
            fallback = "8",
            min = 1,
            max = 256)
        int concurrency,
    @Setting("The arm that answers with examples in its prompt") @JsonProperty("few_shot")
        FewShot fewShot,
    @Setting("The arm that answers with passages in its prompt")
        @JsonInclude(JsonInclude.Include.NON_NULL) // specs without it hash as they did
        @Nullable Rag rag,
    @Setting(
            "What answers today, at an address or served by an endpoint; it is asked as the rows are, with no instruction")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Incumbent incumbent,
    @Setting(
            value = "Other models behind the OpenAI API that answer the same items",
            fallback = "[]",
            max = 8,
            hint = "a list such as [{name: big, url: https://host/v1, model: m}]")
        @JsonInclude(JsonInclude.Include.NON_EMPTY)
        List<Other> others,
    @Setting(
            value =
                "True: a linear model on embeddings of the training rows answers too (task classification)",
            fallback = "false")
        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean classical,
    @Setting("What is asked before training, to find out whether to train at all")
        @JsonInclude(JsonInclude.Include.NON_NULL) // specs without it hash as they did
        @Nullable AdviseSpec advise,
    @Setting("What decides whether the model may serve") Gate gate,
    @Setting(
            value = "Why to train even where the advice is not to",
            min = 1,
            max = 500,
            hint = "a reason, in a sentence")
        @JsonProperty("train_anyway_because")
        @Nullable String trainAnywayBecause) {

  public EvaluateSpec {
    labels = Copies.list(labels);
    others = Copies.list(others);
  }

  /** What a classification without labels means for its arms, in a sentence; empty for others. */
  public Optional<String> unlabelled() {
    return task == Task.CLASSIFICATION && labels.isEmpty()
        ? Optional.of(
            "No labels are given, so no prompted arm is told which ones there are, and the gate's bar is low: name them all in evaluate.labels.")
        : Optional.empty();
  }

  /** What an answer is. */
  public enum Task {
    @JsonProperty("classification")
    CLASSIFICATION,
    @JsonProperty("extraction")
    EXTRACTION,
    @JsonProperty("generation")
    GENERATION,
    @JsonProperty("tool_calls")
    TOOL_CALLS,
    @JsonProperty("code")
    CODE,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** What counts as right. */
  public enum Metric {
    @JsonProperty("exact_match")
    EXACT_MATCH,
    @JsonProperty("json_exact")
    JSON_EXACT,
    /** Mean over the items of the F1 of an answer's fields. */
    @JsonProperty("field_f1")
    FIELD_F1,
    /** Share of answers that satisfy the schema, whatever they say. */
    @JsonProperty("schema_valid")
    SCHEMA_VALID,
    @JsonProperty("tool_calls_exact")
    TOOL_CALLS_EXACT,
    /** Share of items whose code passes its tests. */
    @JsonProperty("pass_at_1")
    PASS_AT_1,
    /** Mean share of a rubric's questions that a judge answers with yes. */
    @JsonProperty("rubric")
    RUBRIC,
    /** Mean mark of a program of the user's. */
    @JsonProperty("command")
    COMMAND,
    /** Mean mark of an imported grader. */
    @JsonProperty("grader")
    GRADER,
    @JsonProperty("accuracy")
    ACCURACY,
    @JsonProperty("macro_f1")
    MACRO_F1,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  /**
   * The few-shot arm: which numbers of examples are tried on dev; the best one answers the test
   * items.
   */
  public record FewShot(
      @Setting(
              value =
                  "Numbers of examples that are tried on dev; the best one is used; empty: no such arm",
              fallback = "[2, 4]",
              max = 8,
              hint = "as in [2, 4, 8], each from 1 to 64")
          List<Integer> k,
      @Setting(
              value =
                  "How they are chosen, from the training rows: random, the same for every item; nearest, those whose"
                      + " questions are most like the item's. Where both are named the better one on dev is used; empty:"
                      + " random",
              fallback = "[]",
              max = 2,
              hint = "random, nearest or [random, nearest]")
          @JsonInclude(JsonInclude.Include.NON_EMPTY) // specs without it hash as they did
          List<Choose> choose) {

    public FewShot {
      k = Copies.list(k);
      choose = Copies.list(choose);
    }

    /** The ways to try, at least one. */
    public List<Choose> ways() {
      return choose.isEmpty() ? List.of(Choose.RANDOM) : choose;
    }
  }

  /** How examples are chosen. */
  public enum Choose {
    @JsonProperty("random")
    RANDOM,
    @JsonProperty("nearest")
    NEAREST,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** The arm with passages: what is searched, and how. */
  public record Rag(
      @Setting(
              value =
                  "What passages come from: a .txt, .md or .jsonl file ({id, text}), a folder of them, or train for the"
                      + " training rows with their answers. What holds a dev or test item is left out",
              path = true,
              remote = true,
              word = "train",
              fallback = "train",
              hint = "a file, a folder, an s3:// or gs:// address, or train")
          String corpus,
      @Setting(value = "Passages in a prompt", fallback = "4", min = 1, max = 32) int k,
      @Setting(
              value =
                  "How they are found: bm25 by words, embeddings by meaning, both by the ranks in the two",
              fallback = "both")
          Retriever retriever,
      @Setting(
              value = "Longest passage, in words; longer documents are cut with an overlap",
              fallback = "200",
              min = 20,
              max = 2000)
          @JsonProperty("chunk_words")
          int chunkWords) {
    /** The corpus that is no file. */
    public static final String TRAIN = "train";
  }

  /** How passages are found. */
  public enum Retriever {
    @JsonProperty("bm25")
    BM25,
    @JsonProperty("embeddings")
    EMBEDDINGS,
    @JsonProperty("both")
    BOTH,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** What answers today: an endpoint of ours, or any server's model. */
  public record Incumbent(
      @Setting(
              value =
                  "An endpoint that runs deploy to: what it serves when it is asked; auto is the one that this spec"
                      + " deploys to. As long as it serves nothing there is no incumbent, and the report says so",
              auto = true,
              pattern = "[a-z]([a-z0-9-]{0,38}[a-z0-9])?",
              unless = "url",
              hint = "auto, or an endpoint's name as in support-triage")
          @JsonInclude(JsonInclude.Include.NON_NULL) // specs without it hash as they did
          @Nullable String endpoint,
      @Setting(
              value = "Address of the API, up to and with its version",
              pattern = "https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*",
              unless = "endpoint",
              hint = "as in https://models.internal/v1, without a slash at its end")
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable String url,
      @Setting(value = "Name of the model at that server", min = 1, max = 256)
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable String model,
      @Setting("Key of the API, by name") @Nullable Secret key) {}

  /** Another model that one could use instead. */
  public record Other(
      @Setting(
              value = "What the report calls it",
              pattern = "[a-z0-9][a-z0-9._-]{0,62}",
              hint = "lower-case letters, digits, dots and dashes")
          String name,
      @Setting(
              value = "Address of the API, up to and with its version",
              pattern = "https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*",
              hint = "as in https://models.internal/v1, without a slash at its end")
          String url,
      @Setting(value = "Name of the model at that server", min = 1, max = 256) String model,
      @Setting("Key of the API, by name") @Nullable Secret key,
      @Setting(
              value = "Price of a million tokens that it is sent, in dollars",
              fallback = "0.0",
              min = 0,
              max = 10_000)
          @JsonProperty("price_in")
          double priceIn,
      @Setting(
              value = "Price of a million tokens that it answers, in dollars",
              fallback = "0.0",
              min = 0,
              max = 10_000)
          @JsonProperty("price_out")
          double priceOut) {}

  /**
   * The gate: superiority over the prompted arms, non-inferiority to what serves now and to the
   * unquantized model.
   */
  public record Gate(
      @Setting(
              value =
                  "False: the verdict is reported, but FAIL or INCONCLUSIVE does not keep the model from serving",
              fallback = "true")
          boolean required,
      @Setting(
              value = "The candidate has to beat the best prompted arm by more than this",
              fallback = "0.0",
              min = 0,
              max = 1,
              hint = "0.1 is ten points")
          @JsonProperty("superiority_margin")
          double superiorityMargin,
      @Setting(
              value =
                  "The candidate may lose at most this to the unquantized model and to what serves now",
              fallback = "0.02",
              min = 0,
              max = 1,
              hint = "0.02 is two points")
          @JsonProperty("non_inferiority_margin")
          double nonInferiorityMargin,
      @Setting(
              value =
                  "Chance of a wrong PASS of each condition, one-sided; intervals are 1 - 2 alpha wide",
              fallback = "0.025",
              min = 0.0001,
              max = 0.25)
          double alpha,
      @Setting(
              value = "Resamples of the paired bootstrap",
              fallback = "10000",
              min = 1000,
              max = 1_000_000)
          int resamples,
      @Setting(
              value =
                  "The candidate may lose at most this to the untuned base on a small general set: sums, formats, refusals."
                      + " Left out, that set is not asked; a model for one narrow task forgets on purpose",
              min = 0.04, // of 124 items, fewer show nothing even where not one differs
              max = 1,
              hint = "0.1 is ten points")
          @JsonProperty("regression_margin")
          @JsonInclude(JsonInclude.Include.NON_NULL) // specs without it hash as they did
          @Nullable Double regressionMargin,
      @Setting(
              value = "Of 20 answers of the candidate, 19 may take no longer than this, in seconds",
              min = 0.001,
              max = 3600)
          @JsonProperty("max_p95_seconds")
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable Double maxP95Seconds,
      @Setting(
              value = "A thousand answers of the candidate may cost no more than this, in dollars",
              min = 0,
              max = 100_000)
          @JsonProperty("max_dollars_per_thousand")
          @JsonInclude(JsonInclude.Include.NON_NULL)
          @Nullable Double maxDollarsPerThousand,
      @Setting(
              value = "What an hour of the host that serves costs, in dollars",
              fallback = "0.0",
              min = 0,
              max = 10_000)
          @JsonProperty("dollars_per_hour")
          @JsonInclude(JsonInclude.Include.NON_DEFAULT)
          double dollarsPerHour) {}
}
