package io.fettle.workflows.spec;

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
        Duration maxWait) {

  public CapacitySpec {
    pools = Copies.list(pools);
  }
}
