package io.fettle.workflows.evaluation;

/**
 * What a model answers on dev that was trained on a part of the rows.
 *
 * @param percent of the training rows
 * @param rows it was trained on
 */
public record CurvePoint(int percent, int rows, Answers answers) {}
