package io.fettle.activities.training;

import io.fettle.workflows.training.TrainProgress;

/**
 * The server, as far as a running train needs it. Every answer tells a lost connection from a
 * decision.
 */
interface Contact {
  /** What the server makes of a sign of life. */
  enum Reply {
    ACCEPTED,
    /** No answer: detach and go on. */
    UNREACHABLE,
    CANCELLED,
    PAUSED,
    /** The token is dead, which by itself says nothing about the run: ask {@link #isClosed}. */
    GONE
  }

  Reply heartbeat(byte[] token, TrainProgress progress);

  /** Delivers an outcome: {@code ACCEPTED}, {@code UNREACHABLE} or {@code GONE}. */
  Reply deliver(byte[] token, Outcome outcome);

  /** Whether the server says that this workflow is closed. False where it does not answer. */
  boolean isClosed(Assignment assignment);
}
