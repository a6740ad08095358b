package io.fettle.workflows.run;

import io.fettle.workflows.capacity.Host;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.Async;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The host after the one that is held, acquired and staged ahead of need; at most one. Each is
 * taken or given back, also one that is given up on its way.
 */
final class NextHost {
  private final Consumer<Host> giveBack;
  private Optional<Preparation> current = Optional.empty();
  private int unsettled;

  /**
   * @param giveBack of a host that nobody takes; works in a cancelled scope too
   */
  NextHost(Consumer<Host> giveBack) {
    this.giveBack = giveBack;
  }

  /**
   * Begins, unless it has begun, for a held host that leaves. What fails is not tried again: the
   * run asks once it needs one.
   */
  void prepare(Supplier<Host> acquire, Consumer<Host> stage) {
    if (current.isEmpty()) {
      Async.procedure(begun(acquire, stage).scope::run);
    }
    current.ifPresent(next -> next.needed = true);
  }

  /**
   * As {@link #prepare}, to its end, for a held host that stays. Whether a host is ready, which it
   * is not if one was before.
   */
  boolean prepareNow(Supplier<Host> acquire, Consumer<Host> stage) {
    if (isKnown()) {
      return false;
    }
    Preparation next = begun(acquire, stage);
    next.scope.run();
    if (!next.staged && !next.givenUp) {
      forget(next);
      next.giveUp();
    }
    return next.staged && !next.givenUp;
  }

  private Preparation begun(Supplier<Host> acquire, Consumer<Host> stage) {
    Preparation next = new Preparation(acquire, stage);
    current = Optional.of(next);
    return next;
  }

  /** Whether one is ready or on its way. */
  boolean isKnown() {
    return current.isPresent();
  }

  /** Whether there is a host, which may still have to be staged. */
  boolean isAcquired() {
    return current.flatMap(next -> next.host).isPresent();
  }

  /** Whether the held host was told to leave. */
  boolean isNeeded() {
    return current.filter(next -> next.needed).isPresent();
  }

  /** The host, once it is ready; empty where there is none. */
  Optional<Host> take() {
    Optional<Preparation> next = current;
    if (next.isPresent() && !next.get().isOver()) {
      Workflow.await(next.get()::isOver);
    }
    next.ifPresent(this::forget);
    return next.flatMap(Preparation::take);
  }

  /** What is on its way is cancelled and given back once it is known; see {@link #settle}. */
  void giveUp() {
    current.ifPresent(
        next -> {
          forget(next);
          next.giveUp();
        });
  }

  /** Waits until nothing that was given up may still become a host. */
  void settle() {
    if (unsettled > 0) {
      Workflow.await(() -> unsettled == 0);
    }
  }

  private void forget(Preparation next) {
    current = current.filter(other -> other != next);
  }

  /** Of one host. */
  private final class Preparation {
    private final Supplier<Host> acquire;
    private final Consumer<Host> stage;
    private final CancellationScope scope = Workflow.newCancellationScope(this::run);
    private Optional<Host> host = Optional.empty();
    private boolean needed;
    private boolean staged;
    private boolean givenUp;
    private boolean over;

    Preparation(Supplier<Host> acquire, Consumer<Host> stage) {
      this.acquire = acquire;
      this.stage = stage;
    }

    boolean isOver() {
      return over || givenUp;
    }

    Optional<Host> take() {
      Optional<Host> taken = host;
      host = Optional.empty();
      return taken;
    }

    void giveUp() {
      givenUp = true;
      if (!over) {
        scope.cancel("it is not needed any more");
      }
      unsettled++;
      try {
        take().ifPresent(giveBack);
      } finally {
        unsettled--;
      }
    }

    private void run() {
      try {
        acquireOrGiveBack();
        if (host.isPresent()) {
          stage.accept(host.get());
          staged = true;
        }
      } catch (TemporalFailure failure) {
        Workflow.getLogger(NextHost.class)
            .info("no host was made ready ahead: {}", failure.getMessage());
      } finally {
        over = true;
        if (host.isEmpty()) {
          forget(this);
        }
      }
    }

    private void acquireOrGiveBack() {
      unsettled++;
      try {
        Host acquired = acquire.get();
        if (givenUp) {
          giveBack.accept(acquired);
        } else {
          host = Optional.of(acquired); // before it is staged, so that it is given back in any case
        }
      } finally {
        unsettled--;
      }
    }
  }
}
