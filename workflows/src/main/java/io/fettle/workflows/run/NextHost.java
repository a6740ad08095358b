package io.fettle.workflows.run;

import io.fettle.workflows.capacity.Host;
import io.temporal.failure.ActivityFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.Workflow;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The host after the one that is held, acquired and staged ahead of need; at most one. */
final class NextHost {
  private Optional<Host> ready = Optional.empty();
  private boolean underWay;

  /** Begins, unless it has begun. What fails is not tried again: the run asks once it needs one. */
  void prepare(Supplier<Host> acquire, Consumer<Host> stage) {
    if (!underWay && ready.isEmpty()) {
      underWay = true;
      Async.procedure(() -> prepareOnce(acquire, stage));
    }
  }

  /**
   * As {@link #prepare}, to its end. Whether a host is ready, which it is not if one was before.
   */
  boolean prepareNow(Supplier<Host> acquire, Consumer<Host> stage) {
    if (isKnown()) {
      return false;
    }
    underWay = true;
    return prepareOnce(acquire, stage);
  }

  private boolean prepareOnce(Supplier<Host> acquire, Consumer<Host> stage) {
    try {
      Host host = acquire.get();
      ready =
          Optional.of(host); // known before it is staged, so that it is given back whatever comes
      stage.accept(host);
      return true;
    } catch (ActivityFailure failure) {
      Workflow.getLogger(NextHost.class)
          .info("no host was made ready ahead: {}", failure.getMessage());
      return false;
    } finally {
      underWay = false;
    }
  }

  boolean isKnown() {
    return underWay || ready.isPresent();
  }

  /** The host, once it is ready; empty where there is none. */
  Optional<Host> take() {
    if (underWay) {
      Workflow.await(() -> !underWay);
    }
    Optional<Host> taken = ready;
    ready = Optional.empty();
    return taken;
  }
}
