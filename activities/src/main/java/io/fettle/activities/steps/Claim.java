package io.fettle.activities.steps;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process's hold on a step. Claims are numbered: whoever finds claim n given up or silent
 * creates n+1 if absent, so of several that take over at once one wins, and a holder that was only
 * slow never overwrites its successor's claim.
 */
final class Claim {
  private static final Logger log = LoggerFactory.getLogger(Claim.class);

  /**
   * The stored form; the renewals are a counter because the clocks of two machines are never
   * compared.
   */
  private record Note(String holder, String token, long renewals, boolean givenUp) {}

  private final ObjectStore store;
  private final StepKey key;
  private final int generation;
  private final Note first;
  private @Nullable ScheduledFuture<?> renewal;
  private long renewals;

  private Claim(ObjectStore store, StepKey key, int generation, Note first) {
    this.store = store;
    this.key = key;
    this.generation = generation;
    this.first = first;
  }

  /** Takes the n-th claim, unless somebody has it. */
  static Optional<Claim> take(
      ObjectStore store, StepKey key, int generation, String holder, String token)
      throws IOException {
    var note = new Note(holder, token, 0, false);
    return store.putIfAbsent(key.claim(generation), encoded(note))
        ? Optional.of(new Claim(store, key, generation, note))
        : Optional.empty();
  }

  static boolean isGivenUp(byte[] note) {
    try {
      return Wire.mapper().readValue(note, Note.class).givenUp();
    } catch (IOException e) {
      return false; // torn by a power cut; it will be silent, and then taken over
    }
  }

  static String holder(byte[] note) {
    try {
      return Wire.mapper().readValue(note, Note.class).holder();
    } catch (IOException e) {
      return "an unreadable claim";
    }
  }

  synchronized void keepRenewing(ScheduledExecutorService timer, long everyMillis) {
    renewal =
        timer.scheduleWithFixedDelay(this::renew, everyMillis, everyMillis, TimeUnit.MILLISECONDS);
  }

  /**
   * Lets the next one in at once; the claim stays as a tombstone so that its number is never used
   * again.
   */
  void giveUp() {
    stopRenewing();
    boolean interrupted = Thread.interrupted(); // an interrupted thread cannot write to a channel
    try {
      write(new Note(first.holder, first.token, renewals, true));
    } catch (IOException e) {
      log.warn("step {}: its claim stays until it times out", key, e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Removes this claim and those before it; only once the record is in the store. */
  void finish() {
    stopRenewing();
    try {
      for (int n = generation; n >= 1; n--) {
        store.delete(key.claim(n));
      }
    } catch (IOException e) {
      log.warn("step {}: its claim stays, harmless beside the record", key, e);
    }
  }

  private synchronized void renew() {
    if (renewal == null) { // stopped while this renewal waited for its turn
      return;
    }
    try {
      renewals++;
      write(new Note(first.holder, first.token, renewals, false));
    } catch (IOException e) {
      log.warn("step {}: claim not renewed; another process may repeat the step", key, e);
    }
  }

  private synchronized void stopRenewing() {
    if (renewal != null) {
      renewal.cancel(false);
      renewal = null;
    }
  }

  private void write(Note note) throws IOException {
    store.put(key.claim(generation), encoded(note));
  }

  private static byte[] encoded(Note note) throws JsonProcessingException {
    return Wire.mapper().writeValueAsBytes(note);
  }

  /**
   * Watches a claim by this process's own monotonic clock: silent means unchanged for the whole
   * time-out.
   */
  static final class Watch {
    private final long timeoutNanos;
    private byte @Nullable [] seen;
    private long since = System.nanoTime();

    Watch(long timeoutNanos) {
      this.timeoutNanos = timeoutNanos;
    }

    boolean isSilent(byte[] note) {
      if (seen == null || !Arrays.equals(seen, note)) {
        seen = note;
        since = System.nanoTime();
        return false;
      }
      return System.nanoTime() - since >= timeoutNanos;
    }
  }
}
