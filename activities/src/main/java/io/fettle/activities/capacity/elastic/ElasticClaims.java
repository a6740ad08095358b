package io.fettle.activities.capacity.elastic;

import io.fettle.activities.capacity.HostClaim;
import io.fettle.activities.capacity.HostClaim.Identity;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.capacity.ClaimRequest;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;

/** An elastic host's side of its one acquisition. */
final class ElasticClaims implements HostClaim.Reservations, Booked.Tenure {
  private final Book book;
  private final Identity identity;
  private final String token;
  private final InstantSource clock;

  /**
   * @param token that the machine was launched for; it takes no other
   */
  public ElasticClaims(ObjectStore store, Identity identity, String token, InstantSource clock) {
    this.book = new Book(store, identity.pool());
    this.identity = identity;
    this.token = token;
    this.clock = clock;
  }

  @Override
  public boolean claimed(ClaimRequest request) throws IOException {
    return request.token().equals(token)
        && book.join(token, new Book.Joined(identity.host(), identity.boot(), clock.instant()));
  }

  @Override
  public boolean released(String known) throws IOException {
    return !known.equals(token) || book.isReleased(token);
  }

  @Override
  public void release(String known) throws IOException {
    if (known.equals(token) && book.intent(token).isPresent()) {
      book.release(token, "its agent gave it up", clock.instant());
    }
  }

  @Override
  public boolean isOver() throws IOException {
    return book.isReleased(token);
  }

  @Override
  public Optional<Integer> renewal() throws IOException {
    return book.renewed(token).map(Arrays::hashCode);
  }
}
