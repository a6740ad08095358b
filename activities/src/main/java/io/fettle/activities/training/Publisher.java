package io.fettle.activities.training;

import io.fettle.activities.training.ledger.Ledger;
import io.fettle.activities.training.ledger.Ledger.Published;
import io.fettle.activities.training.ledger.Ledger.Superseded;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one lease's checkpoints into the store. At most one waits: a newer one takes its place, so
 * a store that is away or slow never holds up training.
 */
final class Publisher {
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  private final Ledger ledger;
  private final WorkFolder folder;
  private final int lease;
  private final TreeSet<Long> kept =
      new TreeSet<>(); // guarded by this: published, still on this disk
  private @Nullable Long waiting; // guarded by this
  private long publishedStep; // guarded by this
  private String problem = ""; // guarded by this

  Publisher(Ledger ledger, WorkFolder folder, int lease, long resumeStep) {
    this.ledger = ledger;
    this.folder = folder;
    this.lease = lease;
    this.publishedStep = resumeStep;
  }

  synchronized void offer(long step) {
    if (step > publishedStep && (waiting == null || step > waiting)) {
      waiting = step;
    }
  }

  synchronized int publishedStep() {
    return Math.toIntExact(publishedStep);
  }

  synchronized boolean isDone() {
    return waiting == null;
  }

  /** Publishes what waits, if anything. False if the store did not take it; it waits on. */
  boolean publishWaiting() throws Superseded {
    Optional<Long> step = next();
    if (step.isEmpty()) {
      return true;
    }
    try {
      publish(step.get());
      return true;
    } catch (IOException e) {
      complain(e);
      return false;
    }
  }

  /** Publishes this very step, whatever waits; needed for the best checkpoint at the end. */
  Published publish(long step) throws IOException, Superseded {
    var started = System.nanoTime();
    var published = ledger.publish(ledger.lease(lease), folder.checkpoint(step));
    log.info(
        "checkpoint of step {} is published: {} bytes in {} ms",
        step,
        published.manifest().bytes(),
        (System.nanoTime() - started) / 1_000_000);
    tidy(step);
    keepEvents();
    return published;
  }

  /** For the report's curves. With each publish, because a host may die without a word. */
  void keepEvents() {
    try {
      ledger.keepEvents(lease, Curves.of(folder.events()));
    } catch (IOException | RuntimeException e) { // nothing that only people read may fail a train
      log.info("the events of lease {} are not in the store: {}", lease, e.toString());
    }
  }

  private synchronized Optional<Long> next() {
    return Optional.ofNullable(waiting);
  }

  /** Keeps the two newest on disk: the trainer's own last one, and one to compare with. */
  private synchronized void tidy(long step) throws IOException {
    publishedStep = Math.max(publishedStep, step);
    problem = "";
    if (waiting != null && waiting <= step) {
      waiting = null;
    }
    kept.add(step);
    while (kept.size() > 2) {
      WorkFolder.delete(folder.checkpoint(kept.removeFirst()));
    }
  }

  private synchronized void complain(IOException failure) {
    var text = String.valueOf(failure.getMessage());
    if (!text.equals(problem)) {
      log.warn("a checkpoint waits for the store, training goes on: {}", text);
      problem = text;
    }
    if (waiting != null && !Files.exists(folder.checkpoint(waiting))) {
      waiting = null; // nothing to bring; an older agent has tidied it away
    }
  }
}
