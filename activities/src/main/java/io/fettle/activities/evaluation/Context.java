package io.fettle.activities.evaluation;

import io.fettle.activities.evaluation.retrieval.Passage;
import java.io.IOException;
import java.util.List;

/** What stands in an arm's prompt beside the question. */
interface Context {
  /** Nothing. */
  Context NONE = _ -> new Shown(List.of(), List.of(), List.of());

  Shown of(Item item) throws IOException;

  /**
   * What one item's prompt shows.
   *
   * @param examples as turns, in their order
   * @param passages in the system turn
   * @param retrieved ids of what was found for this item, the nearest first; empty where every item
   *     is shown the same
   */
  record Shown(List<Item> examples, List<Passage> passages, List<String> retrieved) {
    public Shown {
      examples = List.copyOf(examples);
      passages = List.copyOf(passages);
      retrieved = List.copyOf(retrieved);
    }
  }
}
