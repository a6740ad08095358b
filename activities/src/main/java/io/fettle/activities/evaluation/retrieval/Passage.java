package io.fettle.activities.evaluation.retrieval;

/**
 * What can be found.
 *
 * @param id unique in its index; of a document's passages {@code document#number}, of a training
 *     row the row's
 * @param sought what a question is compared with
 * @param shown what stands in a prompt
 * @param answer of a training row; empty for a passage of a document
 */
public record Passage(String id, String sought, String shown, String answer) {}
