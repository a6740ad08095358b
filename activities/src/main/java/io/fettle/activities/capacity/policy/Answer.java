package io.fettle.activities.capacity.policy;

import io.fettle.workflows.capacity.Offer;
import java.time.Duration;

/** What a choice came to; the sentences carry the numbers that decided. */
public sealed interface Answer {
  record Chosen(Offer offer) implements Answer {}

  /** Nothing to be had now. {@code after}: when another answer can be expected, at the latest. */
  record Wait(String why, Duration after) implements Answer {}

  /** Nothing to be had until people act; {@code why} names every fix. */
  record Refused(String why) implements Answer {}
}
