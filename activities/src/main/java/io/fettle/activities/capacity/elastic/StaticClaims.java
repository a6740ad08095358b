package io.fettle.activities.capacity.elastic;

import io.fettle.activities.capacity.HostClaim;
import io.fettle.activities.capacity.HostClaim.Identity;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.capacity.ClaimRequest;
import java.io.IOException;
import java.time.InstantSource;

/** A registered machine's side of the acquisitions that it answers, one after another. */
final class StaticClaims implements HostClaim.Reservations, Booked.Registration {
  private final Book book;
  private final Registry registry;
  private final Identity identity;
  private final InstantSource clock;

  public StaticClaims(ObjectStore store, Identity identity, InstantSource clock) {
    this.book = new Book(store, identity.pool());
    this.registry = new Registry(store, identity.pool());
    this.identity = identity;
    this.clock = clock;
  }

  /** To be repeated, for it may have been removed by hand. */
  @Override
  public void register() throws IOException {
    registry.put(new Registry.Agent(identity.host(), identity.boot(), identity.shape()));
  }

  @Override
  public void leave() throws IOException {
    registry.remove(identity.host());
  }

  @Override
  public boolean claimed(ClaimRequest request) throws IOException {
    return book.join(
        request.token(), new Book.Joined(identity.host(), identity.boot(), clock.instant()));
  }

  @Override
  public boolean released(String token) throws IOException {
    return book.isReleased(token);
  }

  @Override
  public void release(String token) throws IOException {
    var intent = book.intent(token);
    if (intent.isPresent()) {
      var reason = book.released(token).map(Book.Released::reason).orElse("its agent gave it up");
      book.end(intent.get(), reason, clock.instant());
    }
  }
}
