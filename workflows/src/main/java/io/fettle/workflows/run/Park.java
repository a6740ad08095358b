package io.fettle.workflows.run;

import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.wire.SearchAttributes;
import io.temporal.workflow.Workflow;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Where a run waits for an operator, its host given back and the evidence shown: parked by its own
 * budget, or paused by an operator's hand.
 */
final class Park {
  private final Journal journal;
  private String waitsFor = "";
  private Optional<Pause> asked = Optional.empty();
  private int unpauses;
  private Consumer<String> stopTrain = _ -> {};

  Park(Journal journal) {
    this.journal = journal;
  }

  void wait(String why) {
    waitsFor = why;
    journal.waitsFor("an operator: " + why);
    Workflow.upsertTypedSearchAttributes(SearchAttributes.PHASE.valueSet("waiting_operator"));
    Workflow.await(() -> waitsFor.isEmpty());
    Workflow.upsertTypedSearchAttributes(SearchAttributes.PHASE.valueSet(journal.phaseName()));
    journal.waitsFor("");
  }

  /** Waits, if an operator has asked for it; {@code giveBack} is told why the host goes. */
  void waitIfPaused(Consumer<String> giveBack) {
    while (asked.isPresent()) {
      giveBack.accept(why());
      if (asked.isPresent()) {
        wait(why());
      }
    }
  }

  /** From here on a pause stops the train; it is told why. */
  void trains(Consumer<String> stop) {
    stopTrain = stop;
  }

  void trainsNoMore() {
    stopTrain = _ -> {};
  }

  boolean isPauseAsked() {
    return asked.isPresent();
  }

  private String stepUnderWay() {
    return "the step under way: " + why();
  }

  String why() {
    return asked.map(pause -> "paused by %s: %s".formatted(pause.by(), pause.reason())).orElse("");
  }

  void mayPause(Pause pause) {
    if (asked.isPresent()) {
      throw new IllegalArgumentException(
          "the run is paused already, %s; fettle unpause lets it go on".formatted(why()));
    }
    if (!waitsFor.isEmpty()) {
      throw new IllegalArgumentException(
          "the run is parked already: %s; fettle unpause lets it try again".formatted(waitsFor));
    }
    if (journal.isPast("deploy") || journal.phaseName().equals("record")) {
      throw new IllegalArgumentException(
          "the run writes its record; there is nothing left to pause");
    }
    if (pause.by().isBlank() || pause.reason().isBlank()) {
      throw new IllegalArgumentException("pause needs who and why; give --reason");
    }
  }

  /** Asks for it. A train stops at its next step boundary; anything else, before the next step. */
  AuditEntry pause(Pause pause) {
    asked = Optional.of(pause);
    AuditEntry entry =
        journal.audit("pause", pause.by(), pause.reason(), journal.phaseName(), "paused");
    if (journal.waitsFor().isEmpty()) {
      journal.waitsFor(stepUnderWay());
    }
    stopTrain.accept(why());
    return entry;
  }

  void mayUnpause(Unpause unpause) {
    if (waitsFor.isEmpty() && asked.isEmpty()) {
      throw new IllegalArgumentException(
          "the run is neither parked nor paused, so there is nothing to unpause");
    }
    if (unpause.by().isBlank() || unpause.reason().isBlank()) {
      throw new IllegalArgumentException("unpause needs who and why; give --reason");
    }
  }

  String unpause(Unpause unpause) {
    Workflow.getLogger(Park.class).info("unparked by {}: {}", unpause.by(), unpause.reason());
    String was = waitsFor.isEmpty() ? why() : waitsFor;
    journal.audit("unpause", unpause.by(), unpause.reason(), was, "");
    if (journal.waitsFor().equals(stepUnderWay())) {
      journal.waitsFor("");
    }
    waitsFor = "";
    asked = Optional.empty();
    unpauses++;
    return was;
  }

  /** How often an operator has let the run go on. */
  int unpauses() {
    return unpauses;
  }
}
