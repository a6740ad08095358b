package io.fettle.workflows.plan;

import io.fettle.workflows.wire.Reference;

/**
 * Batch, steps and intervals of this dataset, frozen.
 *
 * @param training {@code training.json}: the trainer's config without paths, lease and remedy
 * @param input the train step's input hash, taken before any remedy; manifests with another input
 *     are on no chain
 * @param maxSteps optimizer steps
 * @param globalBatch sequences an optimizer step
 * @param evalEverySteps dev loss interval
 */
public record Schedule(
    Reference training, String input, int maxSteps, int globalBatch, int evalEverySteps) {}
