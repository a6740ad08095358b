package io.fettle.workers.settings;

import io.fettle.activities.temporal.TemporalAway;
import io.fettle.activities.temporal.TemporalConnection;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Starts a process's pollers once the server answers, and drains them at the end: no new task, then
 * what runs may finish for {@code drain}. The Spring starter does neither (a server that is away
 * ends the process; a stop waits for nobody).
 */
public final class WorkerDrain implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(WorkerDrain.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final TemporalConnection connection;
  private final WorkerFactory factory;
  private final Duration drain;
  private final @Nullable Path readyFile;
  private final Runnable beforePolling;
  private volatile boolean running;
  private @Nullable Thread starter;

  public WorkerDrain(
      TemporalConnection connection,
      WorkerFactory factory,
      Duration drain,
      @Nullable Path readyFile) {
    this(connection, factory, drain, readyFile, () -> {});
  }

  /**
   * @param beforePolling runs once the server answers; what it throws ends the process
   */
  public WorkerDrain(
      TemporalConnection connection,
      WorkerFactory factory,
      Duration drain,
      @Nullable Path readyFile,
      Runnable beforePolling) {
    this.connection = connection;
    this.factory = factory;
    this.drain = drain;
    this.readyFile = readyFile;
    this.beforePolling = beforePolling;
  }

  @Override
  public void start() {
    running = true;
    starter =
        Thread.ofPlatform()
            .name("worker-start")
            .uncaughtExceptionHandler(WorkerDrain::giveUp)
            .start(this::startPatiently);
  }

  // Half-started pollers cannot be started again; whoever supervises the process starts it anew.
  private static void giveUp(Thread thread, Throwable failure) {
    LOG.error("cannot start polling", failure);
    Runtime.getRuntime().halt(1);
  }

  private void startPatiently() {
    while (running) {
      try {
        connection.check(PATIENCE);
        register();
        beforePolling.run();
        factory.start();
        announce();
        return;
      } catch (TemporalAway e) {
        LOG.warn("not polling yet: {}", e.getMessage());
        pause();
      }
    }
  }

  private void register() {
    try {
      connection.registerSearchAttributes(PATIENCE);
    } catch (TemporalAway e) {
      LOG.warn(
          "{}", e.getMessage()); // a cluster's operator may have to do it; the pollers can start
    }
  }

  private void announce() {
    LOG.info("polling {}", connection.options());
    if (readyFile == null) {
      return;
    }
    try {
      Files.createDirectories(readyFile.toAbsolutePath().getParent());
      Files.writeString(readyFile, Long.toString(ProcessHandle.current().pid()));
    } catch (IOException e) {
      LOG.warn("cannot write {}: {}", readyFile, e.toString());
    }
  }

  private void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running = false;
    }
  }

  @Override
  public void stop() {
    running = false;
    if (starter != null) {
      starter.interrupt();
    }
    factory.shutdown();
    factory.awaitTermination(drain.toMillis(), TimeUnit.MILLISECONDS);
    if (!factory.isTerminated()) {
      LOG.warn("still busy after {}; leaving what runs to a retry", drain);
      factory.shutdownNow();
    }
  }

  /** After whatever must end while the activities' connection lives, as a pod's trainers. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE - 1;
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
