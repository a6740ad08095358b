package io.fettle.activities.evaluation.corpus;

/**
 * A text to find passages in.
 *
 * @param id unique in its corpus: a file's name, or what a line of JSON calls itself
 */
record Document(String id, String text) {}
