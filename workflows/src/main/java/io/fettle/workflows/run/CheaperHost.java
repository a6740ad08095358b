package io.fettle.workflows.run;

import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Looks for a host of the cheaper market while a dearer one trains, and has the trainer save and
 * stop once one is ready: a run that took on-demand for want of spot goes back.
 */
final class CheaperHost {
  private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(10);

  /** Each look is some events of the history, which has to last for the lease. */
  private static final int FREQUENT_LOOKS = 200;

  private static final Duration LATER = Duration.ofHours(1);

  private final Pace pace;
  private boolean over;
  private boolean moving;

  CheaperHost(Pace pace) {
    this.pace = pace;
  }

  /**
   * @param goOn whether to look again, after one in vain
   * @param prepare acquires and stages one, and says whether it is ready
   * @param leave stops the trainer; it is told why
   */
  void seek(BooleanSupplier goOn, BooleanSupplier prepare, Consumer<String> leave) {
    Async.procedure(() -> look(goOn, prepare, leave));
  }

  private void look(BooleanSupplier goOn, BooleanSupplier prepare, Consumer<String> leave) {
    for (int looks = 0; !moving; looks++) {
      Workflow.await(pace.of(looks < FREQUENT_LOOKS ? BETWEEN_LOOKS : LATER), () -> over);
      if (over) {
        return;
      }
      moving = prepare.getAsBoolean() && !over;
      if (!moving && !goOn.getAsBoolean()) {
        return;
      }
    }
    leave.accept("a cheaper host is ready");
  }

  /** The train has closed. Whether it did so for a cheaper host. */
  boolean closed() {
    over = true;
    return moving;
  }
}
