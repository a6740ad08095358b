package io.fettle.workflows.serving;

import io.temporal.activity.ActivityInterface;
import java.util.Optional;

/** The alias of an endpoint. Queue {@code control}. */
@ActivityInterface
public interface AliasActivities {
  /** The newest version. Source: the store. Safe to repeat. */
  Optional<Alias> currentAlias(String endpoint);

  /**
   * Puts version {@code expected + 1}. A repeat with the same content succeeds.
   *
   * @throws io.temporal.failure.ApplicationFailure of type {@code INCUMBENT_CHANGED} where another
   *     content has that version
   */
  Alias flipAlias(FlipAlias request);
}
