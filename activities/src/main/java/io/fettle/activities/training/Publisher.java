package io.fettle.activities.training;

import io.fettle.activities.disks.Folders;
import io.fettle.activities.training.cadence.SavingCosts;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.activities.training.ledger.Ledger.Published;
import io.fettle.activities.training.ledger.Ledger.Superseded;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one lease's checkpoints into the store, one at a time, on a thread of its own, so that an
 * upload can be waited for and given up. At most one waits: a newer one takes its place, so a store
 * that is away or slow never holds up training.
 */
final class Publisher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);
  private static final Duration NO_LIMIT = Duration.ofDays(1);

  private final Ledger ledger;
  private final WorkFolder folder;
  private final int lease;
  private final SavingCosts costs;
  private final ExecutorService uploads;
  private final TreeSet<Long> kept =
      new TreeSet<>(); // guarded by this: published, still on this disk
  private final ReadWriteLock store =
      new ReentrantReadWriteLock(); // read: publishing, write: deleting
  private final AtomicBoolean collects = new AtomicBoolean(true);
  private @Nullable Long waiting; // guarded by this
  private boolean hasNews = true; // guarded by this: published since the last collection
  private @Nullable Upload newest; // guarded by this
  private long publishedStep; // guarded by this
  private String problem = ""; // guarded by this

  private record Upload(long step, long sinceNanos, Future<Published> result) {}

  Publisher(Ledger ledger, WorkFolder folder, int lease, long resumeStep, SavingCosts costs) {
    this.ledger = ledger;
    this.folder = folder;
    this.lease = lease;
    this.publishedStep = resumeStep;
    this.costs = costs;
    this.uploads =
        Executors.newSingleThreadExecutor(
            Thread.ofVirtual().name("upload-" + lease).factory()); // its sockets can be interrupted
  }

  /**
   * Lets a step wait for its upload.
   *
   * @param isLast whether the trainer is on its way out: then an upload of another step is given up
   *     at once, because a host that leaves has no time for both, and its trainer takes seconds to
   *     end
   */
  synchronized void offer(long step, boolean isLast) {
    if (step > publishedStep && (waiting == null || step > waiting)) {
      waiting = step;
      if (isLast) {
        giveUpAllBut(step);
      }
    }
  }

  synchronized int publishedStep() {
    return Math.toIntExact(publishedStep);
  }

  /** Publishes what waits, if anything. False if the store did not take it; it waits on. */
  boolean publishWaiting() throws Superseded, InterruptedException {
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
  Published publish(long step) throws IOException, Superseded, InterruptedException {
    return await(upload(step), NO_LIMIT);
  }

  /** The same, or nothing, in that time; an upload of another step under way is given up for it. */
  Published publishWithin(long step, Duration limit)
      throws IOException, Superseded, InterruptedException {
    giveUpAllBut(step);
    return await(upload(step), limit);
  }

  /** What an upload of this step would still take, by what others took. Seconds. */
  synchronized double stillNeeds(long step) {
    var whole = costs.estimate().upload();
    var under = newest;
    return under == null || under.step() != step || under.result().isDone()
        ? whole
        : Math.max(0, whole - (System.nanoTime() - under.sinceNanos()) / 1e9);
  }

  private synchronized Upload upload(long step) {
    var under = newest;
    if (under != null && under.step() == step && !under.result().isDone()) {
      return under;
    }
    newest = new Upload(step, System.nanoTime(), uploads.submit(() -> bring(step)));
    return newest;
  }

  private synchronized void giveUpAllBut(long step) {
    var under = newest;
    if (under != null && under.step() != step) {
      under.result().cancel(true);
    }
  }

  private static Published await(Upload upload, Duration limit)
      throws IOException, Superseded, InterruptedException {
    try {
      return upload.result().get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | CancellationException e) {
      upload.result().cancel(true);
      throw new IOException("the upload of step " + upload.step() + " was cut off", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case Superseded superseded -> throw superseded;
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IOException(e);
      }
    }
  }

  private Published bring(long step) throws IOException, Superseded {
    store.readLock().lock();
    try {
      var waited = folder.age(step);
      var started = System.nanoTime();
      var published = ledger.publish(ledger.lease(lease), folder.checkpoint(step));
      said(published, waited, (System.nanoTime() - started) / 1e9);
      return published;
    } finally {
      store.readLock().unlock();
    }
  }

  private void said(Published published, double waited, double seconds) throws IOException {
    var step = published.manifest().step();
    costs.published(waited, seconds);
    log.info(
        "checkpoint of step {} is published: {} bytes in {} ms",
        step,
        published.manifest().bytes(),
        Math.round(seconds * 1_000));
    note(step, published.manifest().bytes(), waited, seconds);
    tidy(step);
    keepEvents();
  }

  private void note(long step, long bytes, double waited, double seconds) {
    folder.note(
        "published",
        event ->
            event
                .put("step", step)
                .put("bytes", bytes)
                .put("waited", waited)
                .put("seconds", seconds));
  }

  /**
   * Deletes what the spec no longer keeps, after a publish. Whatever fails is tried with the next
   * one.
   *
   * @param goesOn asked before each deletion
   */
  void collect(Ledger.Keep keep, BooleanSupplier goesOn) throws IOException {
    if (collects.get() && takeNews()) {
      sweep(keep, () -> collects.get() && goesOn.getAsBoolean());
    }
  }

  /** Once the result is recorded and told: a short train may have had no pass of its own. */
  void collectLast(Ledger.Keep keep) throws IOException {
    sweep(keep, () -> true);
  }

  private void sweep(Ledger.Keep keep, BooleanSupplier goesOn) throws IOException {
    var mine = ledger.lease(lease);
    ledger.proveNewest(mine, keep); // outside the lock: a last publish must not wait for a read
    if (!store.writeLock().tryLock()) {
      giveNewsBack(); // a publish is under way, and the last one must never wait
      return;
    }
    try {
      var swept = ledger.collect(mine, keep, goesOn);
      if (swept.manifests() + swept.blobs() > 0) {
        log.info(
            "{} old checkpoints are deleted, {} bytes in {} objects",
            swept.manifests(),
            swept.bytes(),
            swept.blobs());
      }
    } finally {
      store.writeLock().unlock();
    }
  }

  /** From now on everything stays: the result is chosen from what is there. */
  void stopCollecting() {
    collects.set(false); // a pass under way ends before its next deletion
    store.readLock().lock();
    try {
      log.debug("lease {} deletes no more", lease);
    } finally {
      store.readLock().unlock();
    }
  }

  private synchronized void giveNewsBack() {
    hasNews = true;
  }

  private synchronized boolean takeNews() {
    var had = hasNews;
    hasNews = false;
    return had;
  }

  /** For the report's curves. With each publish, because a host may die without a word. */
  void keepEvents() {
    try {
      ledger.keepEvents(lease, Curves.of(folder.events(), folder.notes()));
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
    hasNews = true;
    problem = "";
    if (waiting != null && waiting <= step) {
      waiting = null;
    }
    kept.add(step);
    while (kept.size() > 2) {
      Folders.delete(folder.checkpoint(kept.removeFirst()));
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

  /** Ends an upload under way; whoever supervises next begins it anew. */
  @Override
  public void close() {
    uploads.shutdownNow();
  }
}
