package io.fettle.activities.capacity.elastic;

import java.io.IOException;
import java.util.Optional;

/** What a host that was launched for one acquisition can see of it. */
public interface Tenure {
  /** Changes whenever the control side renews; empty: it has not yet, or it is over. */
  Optional<Integer> renewal() throws IOException;

  /** Whether the acquisition was given back: the host has nothing left to do. */
  boolean isOver() throws IOException;
}
