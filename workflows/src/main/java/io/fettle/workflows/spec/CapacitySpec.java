package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fettle.workflows.wire.Copies;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where it runs, and what an interruption may cost. */
public record CapacitySpec(
    @Setting(
            value = "Pools of hosts, in the order in which they are asked",
            fallback = "[local]",
            min = 1,
            max = 16,
            hint = "local is this machine")
        List<String> pools,
    @Setting(
            value = "Machine type in the pool, as a100-80gb-x8; auto is the cheapest that fits",
            auto = true,
            min = 1,
            max = 64)
        @Nullable String shape,
    @Setting(
            value =
                "How long a host that is silent still holds the run; longer than any blackout that it has to survive",
            fallback = "15m",
            min = 30,
            max = 86_400,
            hint = "as in 15m")
        Duration lease,
    @Setting(
            value = "How long a trainer that was asked to stop may take",
            fallback = "30s",
            min = 1,
            max = 3600,
            hint = "as in 30s")
        Duration grace,
    @Setting(
            value =
                "Crashes of the trainer before the run fails; lost hosts and preemptions never count",
            fallback = "3",
            min = 0,
            max = 100)
        @JsonProperty("crashes_allowed")
        int crashesAllowed,
    @Setting(
            value = "Longest wait for a host before the run is parked",
            fallback = "6h",
            min = 10,
            max = 2_592_000,
            hint = "as in 6h")
        @JsonProperty("max_wait")
        Duration maxWait,
    @Setting(
            value =
                "How hosts of a cloud are paid for: spot is cheap and may be taken back, on_demand is neither, reserved is"
                    + " paid for already; auto is on_demand",
            auto = true)
        @JsonInclude(JsonInclude.Include.NON_NULL) // a spec without it keeps its run's id
        @Nullable Market market,
    @Setting(
            value = "True: the run makes a model for production, so it is not to wait for spot",
            fallback = "false")
        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean production,
    @Setting(
            value = "Why a run for production may take spot all the same",
            min = 1,
            max = 500,
            hint = "a reason, in a sentence")
        @JsonProperty("spot_in_production_because")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String spotInProductionBecause,
    @Setting(
            value =
                "When training has to be done, counted from the run's start; with spot, a host on demand is taken in time",
            min = 60,
            max = 31_536_000,
            hint = "as in 12h")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Duration deadline,
    @Setting(
            value =
                "What the run's hosts may cost in all: the run saves and stops before they cost more",
            min = 0.01,
            max = 10_000_000,
            hint = "dollars, as in 25")
        @JsonProperty("budget_dollars")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Double budgetDollars,
    @Setting(
            value = "The experiment whose runs share experiment_budget_dollars",
            pattern = "[a-z]([a-z0-9-]{0,38}[a-z0-9])?",
            hint = "lower-case letters, digits and inner hyphens, as in rank-sweep")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable String experiment,
    @Setting(
            value = "What the hosts of all runs of the experiment may cost together",
            min = 0.01,
            max = 10_000_000,
            hint = "dollars, as in 200")
        @JsonProperty("experiment_budget_dollars")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Double experimentBudgetDollars,
    @Setting(
            value =
                "Hosts taken back by the cloud after which spot is left for on_demand; without it, only a deadline does that",
            min = 1,
            max = 1000,
            hint = "3 is a good start")
        @JsonProperty("preemptions_before_on_demand")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Integer preemptionsBeforeOnDemand,
    @Setting(
            value =
                "How long to wait where there is no spot, before on_demand is taken; without it, as long as it takes",
            min = 0,
            max = 2_592_000,
            hint = "as in 30m")
        @JsonProperty("wait_for_spot")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Duration waitForSpot,
    @Setting(
            value =
                "How long training takes without interruption, as an earlier run did: deadline and forecast stand on it until it is measured",
            min = 1,
            max = 31_536_000,
            hint = "as in 6h")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Nullable Duration expected) {

  /** How a cloud's host is paid for. */
  public enum Market {
    @JsonProperty("spot")
    SPOT,
    @JsonProperty("on_demand")
    ON_DEMAND,
    @JsonProperty("reserved")
    RESERVED,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  public CapacitySpec {
    pools = Copies.list(pools);
  }
}
