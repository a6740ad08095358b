package io.fettle.workflows.run;

import io.fettle.workflows.wire.SearchAttributes;
import io.temporal.workflow.Workflow;

/** Where a run waits for an operator, its host given back and the evidence shown. */
final class Park {
  private final Journal journal;
  private String waitsFor = "";

  Park(Journal journal) {
    this.journal = journal;
  }

  void wait(String why) {
    waitsFor = why;
    journal.waitsFor("an operator: " + why);
    Workflow.upsertTypedSearchAttributes(SearchAttributes.PHASE.valueSet("waiting_operator"));
    Workflow.await(() -> waitsFor.isEmpty());
    Workflow.upsertTypedSearchAttributes(SearchAttributes.PHASE.valueSet("train"));
    journal.waitsFor("");
  }

  void mayUnpause(Unpause unpause) {
    if (waitsFor.isEmpty()) {
      throw new IllegalArgumentException("the run is not parked, so there is nothing to unpause");
    }
    if (unpause.by().isBlank() || unpause.reason().isBlank()) {
      throw new IllegalArgumentException("unpause needs who and why; give --reason");
    }
  }

  String unpause(Unpause unpause) {
    Workflow.getLogger(Park.class).info("unparked by {}: {}", unpause.by(), unpause.reason());
    String was = waitsFor;
    waitsFor = "";
    return was;
  }
}
