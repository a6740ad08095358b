package io.fettle.activities.capacity;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.TaskQueues;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which run has this host: one compare-and-set in the agent, on disk before any answer leaves it.
 * It survives the agent, but not a reboot: what that left is saved, and then the host is free.
 */
public final class HostClaim {
  private static final Logger log = LoggerFactory.getLogger(HostClaim.class);

  private final Identity identity;
  private final Path file;
  private final Reservations pool;
  private @Nullable Claim claim; // guarded by this
  private @Nullable Claim earlier; // guarded by this

  /** This host, as its claimer will know it. */
  public record Identity(String host, String boot, String pool, String shape) {}

  /**
   * A standing claim, of one boot.
   *
   * @param workflowRun the execution that claimed, so that its end can be seen
   */
  public record Claim(String run, String workflowRun, String token, String boot) {}

  /** The pool's own record of who has which host. */
  public interface Reservations {
    /** Notes that this host serves the token. False if the token was released meanwhile. */
    boolean claimed(ClaimRequest request) throws IOException;

    boolean released(String token) throws IOException;

    /** Gives the token up, for a run that is gone. */
    void release(String token) throws IOException;
  }

  HostClaim(Identity identity, Path hostDirectory, Reservations pool) {
    this.identity = identity;
    this.file = hostDirectory.resolve("claim.json");
    this.pool = pool;
  }

  /**
   * Reads the claim that an earlier agent of this host left. To be called before the first poll.
   */
  public synchronized void restore() throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    var stored = Wire.mapper().readValue(file.toFile(), Claim.class);
    if (stored.boot().equals(identity.boot())) {
      claim = stored;
      return;
    }
    log.info("the claim of run {} ended with a reboot; what it left is saved first", stored.run());
    earlier = stored;
  }

  /**
   * Takes this host, or answers again what it answered before.
   *
   * @throws io.temporal.failure.ApplicationFailure of type {@code HOST_BUSY} where it is taken, or
   *     the acquisition was released meanwhile
   */
  public synchronized Host claim(ClaimRequest request, String workflowRun) {
    try {
      if (earlier != null) {
        throw FailureType.HOST_BUSY.failure(
            "host %s rebooted and still saves what run %s left"
                .formatted(identity.host(), earlier.run()));
      }
      if (claim != null && !claim.token().equals(request.token())) {
        throw FailureType.HOST_BUSY.failure(
            "host %s is claimed by run %s".formatted(identity.host(), claim.run()));
      }
      if (!pool.claimed(request)) {
        throw FailureType.HOST_BUSY.failure(
            "acquisition %s of run %s was released before its claim"
                .formatted(request.token(), request.run()));
      }
      set(new Claim(request.run(), workflowRun, request.token(), identity.boot()));
      return host(request.token());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public synchronized Optional<Claim> current() {
    return Optional.ofNullable(claim);
  }

  /**
   * The claim of a boot that has ended. The pool has it as taken until {@link #endEarlier}: a run
   * that hears of the end goes on without what is not in the store by then.
   */
  public synchronized Optional<Claim> earlier() {
    return Optional.ofNullable(earlier);
  }

  public synchronized boolean isHeldBy(String token) {
    return claim != null && claim.token().equals(token);
  }

  /** Whether the pool has taken the standing claim back, which {@link #clear} then follows. */
  public boolean wasReleased() throws IOException {
    var standing = current();
    return standing.isPresent() && pool.released(standing.get().token());
  }

  /**
   * Whether the run that has this host is over and gave nothing back: it was terminated.
   *
   * @param now on this machine's clock
   */
  public boolean isAbandoned(Runs runs, Instant now) throws IOException {
    var standing = current();
    if (standing.isEmpty()) {
      return false;
    }
    var by = new Execution(runs.namespace(), standing.get().run(), standing.get().workflowRun());
    var written = Files.getLastModifiedTime(file).toInstant();
    return runs.isOver(by, Duration.between(written, now));
  }

  /** Frees the host. The caller has made sure that nothing of the claim still runs. */
  public synchronized void clear() throws IOException {
    if (claim == null) {
      return;
    }
    log.info("run {} no longer has this host", claim.run());
    pool.release(claim.token());
    Files.deleteIfExists(file);
    claim = null;
  }

  /** Ends the claim of an earlier boot. The caller has made sure that what it left is saved. */
  public synchronized void endEarlier() throws IOException {
    if (earlier == null) {
      return;
    }
    log.info("what run {} left here before a reboot is saved", earlier.run());
    pool.release(earlier.token());
    Files.deleteIfExists(file);
    earlier = null;
  }

  private void set(Claim taken) throws IOException {
    AtomicFile.write(file, Wire.mapper().writeValueAsBytes(taken));
    claim = taken;
    log.info("run {} has this host", taken.run());
  }

  private Host host(String token) {
    return new Host(
        identity.host(),
        identity.boot(),
        identity.pool(),
        identity.shape(),
        TaskQueues.host(identity.host(), identity.boot()),
        TaskQueues.hostControl(identity.host(), identity.boot()),
        token);
  }
}
