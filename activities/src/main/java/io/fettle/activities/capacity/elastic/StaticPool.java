package io.fettle.activities.capacity.elastic;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.wire.TaskQueues;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Machines that one has: their agents register in the store, and whichever is idle answers a claim.
 * Nothing is launched and nothing ended.
 */
final class StaticPool implements Pool {
  private final String name;
  private final String owner;
  private final Book book;
  private final Registry registry;
  private final InstantSource clock;
  private final Map<String, Instant> firstSeen = new HashMap<>(); // guarded by this

  public StaticPool(String name, String owner, ObjectStore store, InstantSource clock) {
    this.name = name;
    this.owner = owner;
    this.book = new Book(store, name);
    this.registry = new Registry(store, name);
    this.clock = clock;
  }

  /** Of the agents that have registered in a pool. */
  public static Set<String> shapes(ObjectStore store, String pool) throws IOException {
    return new Registry(store, pool)
        .agents().stream()
            .map(Registry.Agent::shape)
            .collect(Collectors.toCollection(TreeSet::new));
  }

  @Override
  public String name() {
    return name;
  }

  /** Whether one is idle shows when it claims. */
  @Override
  public List<Offer> offers(String shape) throws IOException {
    var agents = registry.agents().stream().filter(agent -> agent.shape().equals(shape)).count();
    return agents == 0
        ? List.of()
        : List.of(
            Offer.owned(
                name,
                shape,
                "%s %s at no charge: %d agents have registered".formatted(name, shape, agents)));
  }

  @Override
  public Acquisition acquire(AcquireRequest request, Execution by) throws IOException {
    var token = request.token();
    if (book.ended(request.run(), token).isPresent()) {
      throw over(token);
    }
    book.intend(new Intent(token, owner, by, request.offer(), request.terms()));
    if (book.isReleased(token)) {
      throw over(token);
    }
    return new Acquisition(
        token, TaskQueues.pool(name, request.offer().shape()), "", Duration.ZERO);
  }

  private static Refusal over(String token) {
    return new Refusal(
        Refusal.Kind.ENDED, "ended", "acquisition %s is over".formatted(token), List.of());
  }

  @Override
  public HostDescription describe(DescribeRequest request) throws IOException {
    var host = request.host();
    if (book.ended(request.run(), request.token()).isPresent()) {
      return new HostDescription(host, HostState.TERMINATED, "it was given back");
    }
    var joined = book.joined(request.token());
    if (joined.isPresent() && hasRebooted(joined.get())) {
      return new HostDescription(host, HostState.TERMINATED, "its machine rebooted");
    }
    return new HostDescription(
        host, HostState.UNKNOWN, "nobody but its agent could say whether it lives");
  }

  private boolean hasRebooted(Book.Joined joined) throws IOException {
    return registry
        .agent(joined.host())
        .filter(agent -> !agent.boot().equals(joined.boot()))
        .isPresent();
  }

  @Override
  public void release(ReleaseRequest request) throws IOException {
    var intent = book.intent(request.token());
    if (intent.isPresent()) {
      release(intent.get(), request.reason());
    }
  }

  /** A host that has the token closes it, once its trainer has saved. */
  private boolean release(Intent intent, String reason) throws IOException {
    book.release(intent.token(), reason, clock.instant());
    var joined = book.joined(intent.token());
    if (joined.isPresent() && !hasRebooted(joined.get())) {
      return false;
    }
    book.end(intent, reason, clock.instant());
    return true;
  }

  @Override
  public synchronized List<String> sweep(Runs runs, Instant now) throws IOException {
    var done = new ArrayList<String>();
    var open = book.open();
    firstSeen.keySet().retainAll(open);
    for (var token : open) {
      var age = Duration.between(firstSeen.computeIfAbsent(token, _ -> now), now);
      var intent = book.intent(token);
      if (intent.isPresent()) {
        if (runs.isOurs(intent.get().by())) {
          swept(intent.get(), age, runs).ifPresent(done::add);
        }
      } else if (age.compareTo(Runs.YOUNG) > 0) {
        book.forget(token);
      }
    }
    return done;
  }

  private Optional<String> swept(Intent intent, Duration age, Runs runs) throws IOException {
    var released = book.released(intent.token());
    if (released.isEmpty() && !runs.isOver(intent.by(), age)) {
      book.renew(intent.token(), clock.instant());
      return Optional.empty();
    }
    var reason = released.map(Book.Released::reason).orElse("its run is over");
    return release(intent, reason)
        ? Optional.of(
            "acquisition %s of run %s: %s".formatted(intent.token(), intent.by().run(), reason))
        : Optional.empty();
  }
}
