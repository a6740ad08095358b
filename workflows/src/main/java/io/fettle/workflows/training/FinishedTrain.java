package io.fettle.workflows.training;

/** A train step by its input hash. */
public record FinishedTrain(String run, String input) {}
