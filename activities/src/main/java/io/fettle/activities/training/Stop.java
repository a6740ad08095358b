package io.fettle.activities.training;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import java.time.Instant;

/**
 * Why a trainer was asked to stop. On disk before the signal leaves, so that a later agent reads
 * the exit rightly.
 *
 * @param deadline on this machine's clock; past it the trainer is killed
 */
record Stop(Cause cause, String reason, Instant deadline) {
  enum Cause {
    /** The host was told to leave. */
    NOTICE,
    /** The server delivered a cancel. */
    CANCELLED,
    /** The server reports the activity paused. */
    PAUSED,
    /** The workflow is closed. */
    CLOSED,
    /** A newer lease stands in the ledger, or another checkpoint under our number. */
    SUPERSEDED,
    /** A stop for this lease came by the control queue. */
    ASKED,
    /** A phase was silent past its limit. */
    STALLED,
    /** What it wants of its data is damaged, or gone. */
    DATA,
    @JsonEnumDefaultValue
    UNKNOWN
  }
}
