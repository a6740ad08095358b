package io.fettle.activities.capacity;

import io.fettle.workflows.capacity.Place;
import java.io.IOException;
import java.util.List;

/** A provider's no, by class: each is answered in its own way. */
public final class Refusal extends IOException {
  private static final long serialVersionUID = 1;

  /** What a code means, whatever its exact spelling. */
  public enum Kind {
    /** Nothing there just now: this place and market is left alone for minutes. */
    STOCKOUT,
    /** The account may not have more: this market and family is off until somebody changes that. */
    QUOTA,
    /** Spot costs more than was offered. */
    PRICE,
    /** Asked too often: the same again, later. */
    THROTTLE,
    /** The account may not do this. People have to act. */
    PERMISSION,
    /** The template, image or request is wrong. People have to act. */
    TEMPLATE,
    /** This type is not to be had in this zone, ever. */
    UNSUPPORTED,
    /** The machine of this token has ended; another acquisition needs another token. */
    ENDED,
    /** A code that this release does not know: taken for a stockout, its code is shown. */
    UNKNOWN
  }

  /** The code of what our own caps refuse: no provider was asked. */
  public static final String BUDGET = "budget";

  private final Kind kind;
  private final String code;
  private final String sentence;
  private final transient List<Place> places;

  /**
   * @param code the provider's own
   * @param places that it is about; none: all of the offer
   */
  public Refusal(Kind kind, String code, String sentence, List<Place> places) {
    super(sentence);
    this.sentence = sentence;
    this.kind = kind;
    this.code = code;
    this.places = List.copyOf(places);
  }

  public Kind kind() {
    return kind;
  }

  public String code() {
    return code;
  }

  /** Whether a cap said no, and not a provider. */
  public boolean isOfMoney() {
    return code.equals(BUDGET);
  }

  /** What was refused, why, and what to do. */
  public String sentence() {
    return sentence;
  }

  public List<Place> places() {
    return places;
  }
}
