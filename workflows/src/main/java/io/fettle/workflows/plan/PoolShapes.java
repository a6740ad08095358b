package io.fettle.workflows.plan;

import io.fettle.workflows.wire.Copies;
import java.util.List;

/**
 * A pool, and its machine types on which a plan works as it is.
 *
 * @param shapes may be none: the pool is known, and nothing of it would do
 */
public record PoolShapes(String pool, List<String> shapes) {
  public PoolShapes {
    shapes = Copies.list(shapes);
  }
}
