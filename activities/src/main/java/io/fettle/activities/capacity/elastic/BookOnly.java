package io.fettle.activities.capacity.elastic;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Capacity.Standing;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pool of which there is the book and nothing else: whose provider it was is not known. Its hosts
 * read the book too, so they go on while their runs do, and end themselves when those give them
 * back. Nobody sees whether they did: what was released stays open until somebody can ask the
 * provider.
 */
final class BookOnly implements Pool {
  private final String name;
  private final Book book;
  private final InstantSource clock;
  private final InstantSource steady;
  private final Map<String, Instant> firstSeen = new HashMap<>(); // guarded by this

  BookOnly(String name, ObjectStore store, InstantSource clock, InstantSource steady) {
    this.name = name;
    this.book = new Book(store, name);
    this.clock = clock;
    this.steady = steady;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Offer> offers(String shape) {
    return List.of();
  }

  @Override
  public Acquisition acquire(AcquireRequest request, Execution by) throws IOException {
    throw new Refusal(
        Refusal.Kind.ENDED, "not known", "pool %s is not known".formatted(name), List.of());
  }

  @Override
  public HostDescription describe(DescribeRequest request) throws IOException {
    return book.ended(request.run(), request.token()).isPresent()
        ? new HostDescription(request.host(), HostState.TERMINATED, "it was given back")
        : new HostDescription(
            request.host(), HostState.UNKNOWN, "pool %s is not known".formatted(name));
  }

  @Override
  public void release(ReleaseRequest request) throws IOException {
    if (book.intent(request.token()).isPresent()) {
      book.release(request.token(), request.reason(), clock.instant());
    }
  }

  @Override
  public Optional<Standing> standing(String token) throws IOException {
    return book.standing(token, clock.instant());
  }

  @Override
  public synchronized List<String> sweep(Runs runs, Instant now) throws IOException {
    var open = book.open();
    firstSeen.keySet().retainAll(open);
    for (var token : open) {
      var intent = book.intent(token);
      if (intent.isEmpty() || !runs.isOurs(intent.get().by()) || book.isReleased(token)) {
        continue;
      }
      var seen = firstSeen.computeIfAbsent(token, _ -> steady.instant());
      if (runs.isOver(intent.get().by(), Duration.between(seen, steady.instant()))) {
        book.release(token, "its run is over", now);
      } else {
        book.renew(token, now);
      }
    }
    return List.of();
  }
}
