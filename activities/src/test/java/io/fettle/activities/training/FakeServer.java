package io.fettle.activities.training;

import io.fettle.workflows.training.TrainProgress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A server as seen through task tokens. It can be away, forget a token, deliver a cancel, and close
 * the workflow.
 */
final class FakeServer implements Contact {
  private final List<TrainProgress> beats = new CopyOnWriteArrayList<>();
  private volatile Reply reply = Reply.ACCEPTED;
  private volatile byte[] forgotten = {};
  private volatile boolean closed;
  private volatile Outcome delivered;
  private final AtomicInteger deliveries = new AtomicInteger();

  void answers(Reply next) {
    reply = next;
  }

  void forgets(String token) {
    forgotten = token.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  void closesTheWorkflow() {
    closed = true;
  }

  List<TrainProgress> beats() {
    return beats;
  }

  int deliveries() {
    return deliveries.get();
  }

  Optional<Outcome> delivered() {
    return Optional.ofNullable(delivered);
  }

  @Override
  public Reply heartbeat(byte[] token, TrainProgress progress) {
    if (Arrays.equals(token, forgotten)) {
      return Reply.GONE;
    }
    if (reply == Reply.ACCEPTED) {
      beats.add(progress);
    }
    return reply;
  }

  @Override
  public Reply deliver(byte[] token, Outcome outcome) {
    if (Arrays.equals(token, forgotten)) {
      return Reply.GONE;
    }
    if (reply == Reply.UNREACHABLE) {
      return reply;
    }
    delivered = outcome;
    deliveries.incrementAndGet();
    return Reply.ACCEPTED;
  }

  @Override
  public boolean isClosed(Assignment assignment) {
    return closed;
  }
}
