package io.fettle.workflows.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What a gate asks besides the task's own score; null: not asked.
 *
 * @param maxP95Seconds of the candidate's answers, one in 20 may take longer
 * @param maxDollarsPerThousand of a thousand of its answers, at {@code dollarsPerHour}
 * @param dollarsPerHour of the host that serves
 * @param regressionMargin the most that tuning may cost on the general set, as a fraction
 * @param regressionSuite hash of that set; empty where it is not asked
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GateLimits(
    @Nullable Double maxP95Seconds,
    @Nullable Double maxDollarsPerThousand,
    double dollarsPerHour,
    @Nullable Double regressionMargin,
    String regressionSuite) {}
