package io.fettle.activities.steps;

import io.fettle.activities.store.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a step once for its inputs, however many runs, workers and retries ask for it.
 *
 * <p>The record is looked up before the step starts and put before it completes, so a step whose
 * record is in the store never runs again. Steps of one key are single-flight across processes: the
 * first takes a claim and renews it, the others wait for its record. A claim is taken over once it
 * was given up, or once its renewal counter stood still for the time-out on the waiting process's
 * own clock. Should two processes yet run the same step (one was only very slow), the first record
 * stands and both return it.
 */
public final class StepCache implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StepCache.class);
  private static final Duration POLL = Duration.ofMillis(200);

  private final ObjectStore store;
  private final String holder;
  private final Duration claimTimeout;
  private final ScheduledExecutorService timer;

  /** A step's result, and whether it was there already. */
  public record Result<T>(T value, boolean reused) {}

  /** The work itself. */
  @FunctionalInterface
  public interface Body<T> {
    T run() throws Exception;
  }

  /** Called again and again while another process does the work; may throw to stop waiting. */
  @FunctionalInterface
  public interface Waiting {
    void on(String holder);
  }

  /**
   * A cache over a store.
   *
   * @param holder who waits or works, for people who read a claim: a host and process
   */
  public StepCache(ObjectStore store, String holder) {
    this(store, holder, Duration.ofSeconds(15));
  }

  StepCache(ObjectStore store, String holder, Duration claimTimeout) {
    this.store = store;
    this.holder = holder;
    this.claimTimeout = claimTimeout;
    var renewals =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("step-claims-", 0).factory());
    renewals.setRemoveOnCancelPolicy(true);
    this.timer = renewals;
  }

  /**
   * As {@link #once(StepKey, Class, Body, Waiting)}, for callers that need no sign of life while
   * they wait.
   */
  public <T> Result<T> once(StepKey key, Class<T> type, Body<T> body) throws Exception {
    return once(key, type, body, holder -> {});
  }

  /**
   * Returns the recorded result, or runs the body and records what it returns. The body must be
   * safe to repeat: a process that dies in it leaves no record.
   *
   * @param type a payload record that the wire mapper reads and writes
   * @throws Exception what the body threw, after which the next caller may try at once; {@link
   *     IOException} if the store cannot be read or written
   */
  public <T> Result<T> once(StepKey key, Class<T> type, Body<T> body, Waiting waiting)
      throws Exception {
    @Nullable T recorded = find(key, type).orElse(null);
    if (recorded != null) {
      return new Result<>(recorded, true);
    }
    int generation = 1;
    var watch = new Claim.Watch(claimTimeout.toNanos());
    while (true) {
      Optional<Claim> claim =
          Claim.take(store, key, generation, holder, UUID.randomUUID().toString());
      recorded = find(key, type).orElse(null);
      if (recorded != null) {
        claim.ifPresent(Claim::finish);
        return new Result<>(recorded, true);
      }
      if (claim.isPresent()) {
        return run(key, type, body, claim.get());
      }
      byte @Nullable [] other = store.find(key.claim(generation)).orElse(null);
      if (other == null) { // finished or removed between the two looks
        generation = 1;
      } else if (Claim.isGivenUp(other)) {
        generation++;
      } else if (watch.isSilent(other)) {
        log.warn(
            "step {}: {} has not renewed its claim for {}, taking over",
            key,
            Claim.holder(other),
            claimTimeout);
        generation++;
      } else {
        waiting.on(Claim.holder(other));
        Thread.sleep(POLL);
      }
    }
  }

  /** The recorded result, if there is one that can be trusted. */
  public <T> Optional<T> find(StepKey key, Class<T> type) throws IOException {
    byte @Nullable [] bytes = store.find(key.record()).orElse(null);
    if (bytes == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(StepRecord.decoded(key, type, bytes));
    } catch (IOException e) {
      if (store.putIfAbsent(key.damaged(bytes), bytes)) {
        log.warn(
            "step {}: its record is damaged ({}), kept as {}; the step runs again",
            key,
            e.getMessage(),
            key.damaged(bytes));
      }
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  private <T> Result<T> run(StepKey key, Class<T> type, Body<T> body, Claim claim)
      throws Exception {
    claim.keepRenewing(timer, Math.max(1, claimTimeout.toMillis() / 5));
    boolean recorded = false;
    try {
      T value = body.run();
      Result<T> result = record(key, type, value);
      recorded = true;
      return result;
    } finally {
      if (recorded) {
        claim.finish();
      } else {
        claim.giveUp();
      }
    }
  }

  private <T> Result<T> record(StepKey key, Class<T> type, T value) throws IOException {
    byte[] bytes = StepRecord.encoded(key, value);
    if (store.putIfAbsent(key.record(), bytes)) {
      return new Result<>(value, false);
    }
    @Nullable T earlier = find(key, type).orElse(null);
    if (earlier != null) {
      return new Result<>(earlier, true);
    }
    store.put(key.record(), bytes); // what lies there is damaged, and kept beside it
    return new Result<>(value, false);
  }
}
