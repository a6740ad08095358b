package io.fettle.workers.agent;

import io.fettle.activities.staging.Staging;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a host's cache within its limits, now and then. */
final class CacheKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CacheKeeper.class);
  private static final long EVERY_MINUTES = 60;

  private final Path cache;
  private final Staging.Limits limits;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  CacheKeeper(Path cache, AgentSettings agent) {
    this.cache = cache;
    long bytes = agent.cacheBytes() == 0 ? Long.MAX_VALUE : agent.cacheBytes();
    this.limits = new Staging.Limits(bytes, agent.cacheAge());
    var _ = timer.scheduleWithFixedDelay(this::keep, 1, EVERY_MINUTES, TimeUnit.MINUTES);
  }

  private void keep() {
    try {
      Staging.evict(cache, limits);
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot tidy {}; trying again in an hour: {}", cache, e.toString());
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
