package io.fettle.cli.demo;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.jspecify.annotations.Nullable;

/**
 * What {@code demo --json} ends with; the names are a contract. Null: there is no such thing in
 * this run.
 *
 * @param verdict the gate's word
 * @param leases opened by this execution
 * @param resumedFromStep the step that the last lease went on from
 * @param lostSteps optimizer steps that were done and had to be done again
 * @param stepsRepeated steps that were done although their record existed, counted in the server's
 *     history
 * @param interruption how the first lease ended that did not finish
 * @param seconds of the whole command
 * @param answer the tuned model's, asked at the endpoint
 */
@JsonNaming(SnakeCaseStrategy.class)
public record DemoResult(
    String run,
    @Nullable String verdict,
    int leases,
    @Nullable Integer resumedFromStep,
    int lostSteps,
    int stepsRepeated,
    @Nullable String interruption,
    double seconds,
    @Nullable String answer,
    @Nullable String endpoint,
    @Nullable String report,
    @Nullable String ui) {}
