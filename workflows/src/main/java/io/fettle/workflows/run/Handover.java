package io.fettle.workflows.run;

import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.training.HostNotice;
import io.temporal.workflow.Workflow;
import java.util.Optional;

/**
 * A notice for the host that trains: the next one is made ready while the trainer saves. No lease
 * opens before the train has closed.
 */
final class Handover {
  private final Journal journal;
  private Optional<Host> training = Optional.empty();
  private Runnable makeReady = () -> {};
  private String said = "";

  Handover(Journal journal) {
    this.journal = journal;
  }

  /** From here on a notice for that host has {@code next} made ready. */
  void trains(Host host, Runnable next) {
    training = Optional.of(host);
    makeReady = next;
  }

  void noticed(HostNotice notice) {
    Workflow.getLogger(Handover.class)
        .info("host {} leaves within {}: {}", notice.host(), notice.window(), notice.reason());
    if (training.filter(host -> host.id().equals(notice.host())).isEmpty()) {
      return;
    }
    said =
        "the train to close: %s leaves in %d s"
            .formatted(notice.host(), notice.window().toSeconds());
    journal.waitsFor(said);
    boolean warm =
        Workflow.getVersion("warm-handover", Workflow.DEFAULT_VERSION, 1)
            != Workflow.DEFAULT_VERSION;
    if (warm) {
      makeReady.run();
    }
  }

  void trainsNoMore() {
    training = Optional.empty();
    makeReady = () -> {};
    if (!said.isEmpty() && journal.waitsFor().equals(said)) {
      journal.waitsFor("");
    }
  }
}
