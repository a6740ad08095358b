package io.fettle.activities.training.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fettle.workflows.wire.Reference;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One run's tenure of one host, as the store keeps it. Written once, never changed.
 *
 * @param number the fencing number: given by the ledger, in order, without gaps
 * @param host the host that trains, for people
 * @param previous the lease before it; null for the first
 * @param resumeFrom the verified manifest that its trainer loads; null starts at step 0
 * @param input the train step's input hash; a manifest with another one is on no chain
 * @param openedAt for people; no decision compares clocks
 * @param takenOver whose hold was ended for it by hand; null: nobody's
 */
public record LeaseRecord(
    int format,
    String run,
    int number,
    Holder holder,
    String host,
    @Nullable Integer previous,
    @Nullable Reference resumeFrom,
    String input,
    Instant openedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable TakenOver takenOver) {

  static final int FORMAT = 1;

  /** The audit of a take-over: which lease of which namespace ended, by whom and why. */
  public record TakenOver(int lease, String namespace, String by, String reason) {}

  /**
   * Who opened a lease. A retry of the same activity is the same holder; every other call is
   * another.
   */
  public record Holder(String namespace, String workflowRun, String activity) {
    boolean sameWorkflow(Holder other) {
      return namespace.equals(other.namespace) && workflowRun.equals(other.workflowRun);
    }
  }

  /** The hash that every manifest of this lease carries as its parent; null at step 0. */
  @Nullable String parent() {
    return resumeFrom == null ? null : resumeFrom.sha256();
  }
}
