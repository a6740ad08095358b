package io.fettle.workflows.evaluation;

/**
 * What an arm searched and how well.
 *
 * @param passages that could be found
 * @param leftOut because they hold a dev or test item, or nearly
 * @param hits items among whose retrieved passages is the right one: of the document that the row
 *     names, or, where the corpus is the training rows, with the item's own answer
 * @param judged items for which that can be said; 0: recall is not known
 */
public record Retrieval(int passages, int leftOut, int hits, int judged) {}
