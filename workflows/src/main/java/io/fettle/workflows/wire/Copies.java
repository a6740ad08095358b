package io.fettle.workflows.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Defensive copies for payload records, which never throw on decoding: what an older writer left
 * out is empty.
 */
public final class Copies {
  private Copies() {}

  /** An unmodifiable copy; empty for a missing list. */
  public static <T> List<T> list(@Nullable List<T> given) {
    return given == null ? List.of() : List.copyOf(given);
  }
}
