package io.fettle.benchmarks;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a row must keep: {@code <= 25} or {@code >= 0.98}. */
public record Bar(Side side, double limit) {
  /** Which side of the limit is good. */
  public enum Side {
    AT_MOST,
    AT_LEAST
  }

  boolean holds(double value) {
    return side == Side.AT_MOST ? value <= limit : value >= limit;
  }

  @Override
  @JsonValue
  public String toString() {
    return (side == Side.AT_MOST ? "<= " : ">= ") + Numbers.text(limit);
  }
}
