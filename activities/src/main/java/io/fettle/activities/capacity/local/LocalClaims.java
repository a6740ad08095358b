package io.fettle.activities.capacity.local;

import io.fettle.activities.capacity.HostClaim;
import io.fettle.workflows.capacity.ClaimRequest;
import java.io.IOException;
import java.nio.file.Path;

/** An agent's side of the local pool's reservations. */
public final class LocalClaims implements HostClaim.Reservations {
  private final PoolFiles files;
  private final String host;

  public LocalClaims(Path state, String host) {
    this.files = new PoolFiles(state);
    this.host = host;
  }

  /**
   * Whichever idle agent answers first has the acquisition; the host that it was meant for is free
   * again.
   */
  @Override
  public boolean claimed(ClaimRequest request) throws IOException {
    return files.locked(
        () -> {
          var known =
              files
                  .reservation(request.token())
                  .orElseGet(
                      () ->
                          new Reservation(
                              request.token(),
                              request.run(),
                              host,
                              Reservation.State.INTENDED,
                              null));
          if (!known.stands() || isTakenByAnother(known) || isLeaving()) {
            return false;
          }
          files.put(known.claimedBy(host));
          return true;
        });
  }

  /** A poll that was under way when the notice came may still bring a claim. */
  private boolean isLeaving() throws IOException {
    return files.host(host).filter(known -> !known.stays()).isPresent();
  }

  private boolean isTakenByAnother(Reservation known) {
    return known.state() == Reservation.State.CLAIMED && !known.host().equals(host);
  }

  @Override
  public boolean released(String token) throws IOException {
    return files.reservation(token).filter(known -> !known.stands()).isPresent();
  }

  @Override
  public void release(String token) throws IOException {
    files.locked(
        () -> {
          var known = files.reservation(token);
          if (known.isPresent()) {
            files.put(known.get().released());
          }
          return known;
        });
  }
}
