package io.fettle.activities.training.shards;

import io.fettle.activities.store.ObjectStore.CorruptObject;
import io.fettle.activities.store.ObjectStore.MissingObject;
import java.io.IOException;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings a trainer the shards that it asks for, until it has ended. Its thread is a virtual one,
 * whose sockets can be interrupted.
 */
public final class Feed {
  private static final Logger log = LoggerFactory.getLogger(Feed.class);
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(2);

  private final int lease;
  private final ShardFeeder shards;
  private final Duration look;
  private final Consumer<String> hopeless;
  private final Thread thread;

  /**
   * @param hopeless hears why no other try can bring what is wanted
   */
  public Feed(int lease, ShardFeeder shards, Duration look, Consumer<String> hopeless) {
    this.lease = lease;
    this.shards = shards;
    this.look = look;
    this.hopeless = hopeless;
    this.thread = Thread.ofVirtual().name("shards-" + lease).unstarted(this::run);
  }

  public void begin() {
    thread.start();
  }

  /** Nothing more is begun. */
  public void stop() {
    thread.interrupt();
  }

  /** The same, and comes back once nothing more is written. */
  public void end() throws InterruptedException {
    stop();
    thread.join();
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(fed() ? look : AFTER_A_FAILURE);
      }
    } catch (InterruptedException ended) {
      log.debug("lease {} is fed no more", lease);
    }
  }

  private boolean fed() {
    try {
      shards.feed();
      return true;
    } catch (MissingObject | CorruptObject | ShardFeeder.NoSuchShard e) {
      hopeless.accept(String.valueOf(e.getMessage()));
    } catch (IOException | RuntimeException e) { // the store is away: the trainer waits
      log.warn("lease {}: {}", lease, e.toString());
    }
    return false;
  }
}
