package io.fettle.activities.capacity.local;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Refusal;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.CpuShape;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.wire.TaskQueues;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The pool of this machine. It writes down which agents are wanted; the supervisor runs them. */
public final class LocalPool implements Pool {
  private static final String NAME = "local";

  private final PoolFiles files;
  private final LocalSweep sweep;
  private final int hostLimit;

  public LocalPool(Path state, int hostLimit) {
    this.files = new PoolFiles(state);
    this.sweep = new LocalSweep(files);
    this.hostLimit = hostLimit;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Offer> offers(String shape) throws IOException {
    if (!isOfThisMachine(shape)) {
      return List.of();
    }
    return files.locked(
        () -> {
          var free = free(shape);
          if (free.isPresent()) {
            return List.of(offer(shape, "host " + free.get() + " is idle"));
          }
          var living = living();
          if (living < hostLimit) {
            return List.of(
                offer(
                    shape, "%d of %d hosts live, so one more starts".formatted(living, hostLimit)));
          }
          return idleOfAnotherShape(shape)
              .map(other -> offer(shape, "host %s is idle and makes room".formatted(other)))
              .stream()
              .toList();
        });
  }

  @Override
  public Acquisition acquire(AcquireRequest request, Execution by) throws IOException {
    return files.locked(
        () -> {
          var known = files.reservation(request.token());
          if (known.isPresent()) {
            return acquisition(known.get(), request);
          }
          releaseUnclaimedOf(request.run());
          var shape = request.offer().shape();
          var idle = free(shape);
          if (idle.isEmpty() && living() >= hostLimit && !madeRoom(shape)) {
            throw full(shape);
          }
          var intended =
              new Reservation(
                  request.token(),
                  request.run(),
                  idle.isPresent() ? idle.get() : unusedName(),
                  Reservation.State.INTENDED,
                  by);
          files.put(intended);
          if (idle.isEmpty()) {
            files.create(intended.host(), shape);
          }
          return acquisition(intended, request);
        });
  }

  @Override
  public HostDescription describe(DescribeRequest request) throws IOException {
    var host = files.host(request.host());
    if (host.isEmpty()) {
      return new HostDescription(
          request.host(), HostState.TERMINATED, "the pool no longer knows it");
    }
    if (host.get().terminated()) {
      return new HostDescription(request.host(), HostState.TERMINATED, "the pool ended it");
    }
    var reservation = files.reservation(request.token());
    if (reservation.isPresent() && !reservation.get().stands()) {
      return new HostDescription(
          request.host(), HostState.TERMINATED, "it was given back, or its machine rebooted");
    }
    return host.get().wanted()
        ? new HostDescription(
            request.host(), HostState.RUNNING, host.get().noticed() ? "it was given notice" : "")
        : new HostDescription(
            request.host(), HostState.UNKNOWN, "it is to stop, but its end is not recorded");
  }

  @Override
  public void release(ReleaseRequest request) throws IOException {
    files.locked(
        () -> {
          var known = files.reservation(request.token());
          if (known.isPresent()) {
            files.put(known.get().released());
          }
          return known;
        });
  }

  @Override
  public List<String> sweep(Runs runs, Instant now) throws IOException {
    return sweep.run(runs, now);
  }

  private Acquisition acquisition(Reservation reservation, AcquireRequest request)
      throws IOException {
    var host = files.host(reservation.host());
    if (host.isEmpty() && reservation.state() == Reservation.State.INTENDED) {
      files.create(
          reservation.host(), request.offer().shape()); // the crash came between intent and launch
    }
    return new Acquisition(
        reservation.token(),
        TaskQueues.pool(NAME, request.offer().shape()),
        reservation.host(),
        Duration.ZERO);
  }

  /**
   * A run that acquires again has given up on what it never claimed; a late claim of that is
   * refused.
   */
  private void releaseUnclaimedOf(String run) throws IOException {
    for (var reservation : files.reservations()) {
      if (reservation.state() == Reservation.State.INTENDED && reservation.run().equals(run)) {
        files.put(reservation.released());
      }
    }
  }

  /**
   * A host whose agent says so too. One that was given up may be out of reach, or still save: it is
   * waited for only where no other can be had.
   */
  private Optional<String> free(String shape) throws IOException {
    var free = untaken(host -> host.shape().equals(shape));
    var idle = idle(free);
    return idle.isPresent() || living() < hostLimit ? idle : free.stream().findFirst();
  }

  /** Without a standing acquisition; its agent may not have let go of the last one. */
  private List<String> untaken(Predicate<PoolHost> which) throws IOException {
    var taken = taken();
    return files.hosts().stream()
        .filter(host -> host.stays() && which.test(host))
        .map(PoolHost::host)
        .filter(host -> !taken.contains(host))
        .toList();
  }

  private Optional<String> idle(List<String> untaken) throws IOException {
    for (var host : untaken) {
      if (files.claim(host).isEmpty()) {
        return Optional.of(host);
      }
    }
    return Optional.empty();
  }

  private Optional<String> idleOfAnotherShape(String shape) throws IOException {
    return idle(untaken(host -> !host.shape().equals(shape)));
  }

  /** An idle host must not keep one of another shape from starting. */
  private boolean madeRoom(String shape) throws IOException {
    var other = idleOfAnotherShape(shape);
    if (other.isPresent()) {
      files.stop(other.get());
    }
    return other.isPresent();
  }

  private Set<String> taken() throws IOException {
    return files.reservations().stream()
        .filter(reservation -> reservation.stands() && !files.isForgotten(reservation))
        .map(Reservation::host)
        .collect(Collectors.toSet());
  }

  private long living() throws IOException {
    return files.hosts().stream().filter(PoolHost::stays).count();
  }

  private String unusedName() throws IOException {
    var used = files.hosts().stream().map(PoolHost::host).collect(Collectors.toSet());
    used.addAll(files.reservations().stream().map(Reservation::host).toList());
    return IntStream.iterate(1, number -> number + 1)
        .mapToObj(number -> NAME + "-" + number)
        .filter(name -> !used.contains(name))
        .findFirst()
        .orElseThrow();
  }

  /** No more cores than there are; what has a GPU was found on this machine by the plan. */
  private static boolean isOfThisMachine(String shape) {
    return CpuShape.cores(shape).orElse(0) <= Runtime.getRuntime().availableProcessors();
  }

  private static Offer offer(String shape, String reason) {
    return Offer.owned(NAME, shape, "local %s at no charge: %s".formatted(shape, reason));
  }

  private static Refusal full(String shape) {
    return new Refusal(
        Refusal.Kind.STOCKOUT,
        "full",
        "pool local has no room for another host of shape " + shape,
        List.of());
  }
}
