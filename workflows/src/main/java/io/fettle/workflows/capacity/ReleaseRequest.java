package io.fettle.workflows.capacity;

/**
 * Which host to give back and why.
 *
 * @param keepFor the endpoint that goes on using an engine there; empty: engines of this run are
 *     stopped too
 * @param taken whether its provider took it back, or lost it: not a place to ask again at once
 */
public record ReleaseRequest(
    String run,
    String pool,
    String host,
    String token,
    String reason,
    String keepFor,
    boolean taken) {
  /** Of a host that is given back freely. */
  public ReleaseRequest(
      String run, String pool, String host, String token, String reason, String keepFor) {
    this(run, pool, host, token, reason, keepFor, false);
  }
}
