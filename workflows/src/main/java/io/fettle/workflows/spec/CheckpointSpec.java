package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When training saves its state. Whichever of {@code everySteps} and {@code every} comes first
 * counts.
 */
public record CheckpointSpec(
    @Setting(
            value = "A checkpoint at the latest after this many optimizer steps",
            fallback = "500",
            min = 1,
            max = 1_000_000)
        @JsonProperty("every_steps")
        int everySteps,
    @Setting(
            value =
                "The most training time that an interruption costs: a checkpoint is in the store again within it; sooner, down to min_interval, where one costs less than interruptions are expected to lose",
            fallback = "15m",
            min = 1,
            max = 86_400,
            hint = "as in 15m")
        Duration every,
    @Setting(
            value = "Never two checkpoints within this time; the same as every fixes the interval",
            fallback = "30s",
            min = 0,
            max = 86_400,
            hint = "as in 30s")
        @JsonProperty("min_interval")
        Duration minInterval,
    @Setting(value = "Checkpoints kept beside the best one", fallback = "3", min = 1, max = 1000)
        @JsonProperty("keep_last")
        int keepLast,
    @Setting(
            value =
                "Keeps the first checkpoint past each multiple of so many optimizer steps, too; without it, none",
            min = 1,
            max = 1_000_000,
            hint = "a multiple of every_steps, or leave it out")
        @JsonProperty("keep_every")
        @JsonInclude(JsonInclude.Include.NON_NULL) // a spec without it keeps its run's id
        @Nullable Integer keepEvery) {}
