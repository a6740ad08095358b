package io.fettle.workflows.run;

import io.temporal.workflow.Workflow;

/**
 * Counts hosts of the cheaper market that were launched ahead and of no use. The run has a host
 * that works, so they never park it; after some in a row it looks for no more of them, until an
 * operator has had it go on after a pause or a park.
 */
final class CheaperTally {
  /** Each is paid for until it is given back. */
  private static final int IN_VAIN = 3;

  private final Park park;
  private int inVain;
  private int unpauses;

  CheaperTally(Park park) {
    this.park = park;
  }

  boolean mayLook() {
    return current() < IN_VAIN;
  }

  /** One was staged, and waits to be taken. */
  void ready() {
    inVain = 0;
  }

  /** One was launched, and did not answer or cannot do its work. */
  void inVain(String why) {
    inVain = current() + 1;
    if (!mayLook()) {
      Workflow.getLogger(CheaperTally.class)
          .warn(
              "{} cheaper hosts in a row were of no use, the last one: {}; no more are looked for",
              inVain,
              why);
    }
  }

  private int current() {
    if (unpauses != park.unpauses()) {
      unpauses = park.unpauses();
      inVain = 0;
    }
    return inVain;
  }
}
