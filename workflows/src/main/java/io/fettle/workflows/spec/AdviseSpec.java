package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fettle.workflows.wire.Copies;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the advisor is told and asks beyond the usual arms, all of it on dev. */
public record AdviseSpec(
    @Setting(
            value =
                "Score that is good enough: where prompting reaches it, nothing is trained; left out, what no model can"
                    + " beat by the gate's margin",
            min = 0,
            max = 1,
            hint = "0.9 is ninety of a hundred")
        @Nullable Double target,
    @Setting(
            value =
                "What is tried on the failures of prompting: constrained, the labels or the schema enforced while"
                    + " answering; oracle, the passage that holds the answer in the prompt (needs evaluate.rag)",
            fallback = "[]",
            max = 2,
            hint = "constrained, oracle or [constrained, oracle]")
        List<Probe> probes,
    @Setting(
            value = "Another instruction that is tried in the place of the usual one",
            min = 1,
            max = 8000)
        @JsonProperty("better_prompt")
        @Nullable String betterPrompt,
    @Setting(
            value = "Which of evaluate.others is a bigger model that one would use instead",
            min = 1,
            max = 64)
        @Nullable String bigger,
    @Setting(
            value =
                "Whether what the answers rest on changes; left out, dates and versions in the corpus or the rows tell")
        @Nullable Knowledge knowledge,
    @Setting(value = "Requests a month", min = 0, max = 1e12) @JsonProperty("requests_per_month")
        @Nullable Double requestsPerMonth,
    @Setting(
            value = "Price of a million tokens that a prompted model is sent, in dollars",
            min = 0,
            max = 10_000)
        @JsonProperty("price_in")
        @Nullable Double priceIn,
    @Setting(value = "Price of a million tokens that it answers, in dollars", min = 0, max = 10_000)
        @JsonProperty("price_out")
        @Nullable Double priceOut,
    @Setting(
            value = "Price of a million tokens that the tuned model is sent, in dollars",
            min = 0,
            max = 10_000)
        @JsonProperty("tuned_price_in")
        @Nullable Double tunedPriceIn,
    @Setting(value = "Price of a million tokens that it answers, in dollars", min = 0, max = 10_000)
        @JsonProperty("tuned_price_out")
        @Nullable Double tunedPriceOut,
    @Setting(value = "What training and evaluating once costs, in dollars", min = 0, max = 1e9)
        @JsonProperty("training_dollars")
        @Nullable Double trainingDollars,
    @Setting(
            value =
                "Whether models are trained on a quarter and on half of the training rows before the run trains on all, to"
                    + " tell from their scores on dev whether more rows would help; together about three quarters of a"
                    + " training more",
            fallback = "false")
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) // specs without it hash as they did
        boolean curve) {
  public AdviseSpec {
    probes = Copies.list(probes);
  }

  /** What is tried on the failures of prompting. */
  public enum Probe {
    @JsonProperty("constrained")
    CONSTRAINED,
    @JsonProperty("oracle")
    ORACLE,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** Whether what the answers rest on changes. */
  public enum Knowledge {
    @JsonProperty("changing")
    CHANGING,
    @JsonProperty("stable")
    STABLE,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }
}
