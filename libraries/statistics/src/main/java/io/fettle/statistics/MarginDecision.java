package io.fettle.statistics;

import java.util.OptionalLong;

/**
 * What a {@link MarginTest} found.
 *
 * @param method how, in a few words for a report
 * @param difference first arm minus second, with its bounds; each of the two is one-sided at {@code
 *     alpha}
 * @param margin what the difference has to exceed
 * @param outcome PASS where the lower bound lies above the margin, FAIL where the upper lies below;
 *     with fewer than {@value MarginTest#LEAST_CLUSTERS} clusters always INCONCLUSIVE
 * @param items how many were marked
 * @param clusters how many were independent: as many as items where each is for itself
 * @param needed so many clusters would decide it in four gates of five, if difference and variance
 *     are as seen; no more than there are where it is decided; empty where the difference is the
 *     margin
 * @param seed of the resamples; empty where none were drawn
 */
public record MarginDecision(
    String method,
    Interval difference,
    double margin,
    double alpha,
    Outcome outcome,
    int items,
    int clusters,
    OptionalLong needed,
    OptionalLong seed) {}
