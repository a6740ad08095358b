package io.fettle.activities.temporal;

import java.io.IOException;

/**
 * The server cannot be used. The message is one sentence that says which address, why, and what to
 * do.
 */
public final class TemporalAway extends IOException {
  private static final long serialVersionUID = 1;

  private final String sentence;

  TemporalAway(String sentence, Throwable cause) {
    super(sentence, cause);
    this.sentence = sentence;
  }

  TemporalAway(String sentence) {
    super(sentence);
    this.sentence = sentence;
  }

  @Override
  public String getMessage() {
    return sentence;
  }
}
