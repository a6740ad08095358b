package io.fettle.workflows.data;

import io.fettle.workflows.wire.Copies;
import io.fettle.workflows.wire.Reference;
import java.util.List;

/**
 * Parts of the training rows, each inside the next.
 *
 * @param parts as the job asked for them; none where the rows are too few
 * @param why there are none; else empty
 */
public record Subsets(List<Subset> parts, String why) {
  public Subsets {
    parts = Copies.list(parts);
  }

  /**
   * One of them.
   *
   * @param percent that was asked for; whole clusters come close to it and never go past it
   * @param tree tree manifest of a dataset with these rows to train on, the same dev part and no
   *     test part
   * @param rows to train on
   */
  public record Subset(int percent, Reference tree, int rows) {}
}
