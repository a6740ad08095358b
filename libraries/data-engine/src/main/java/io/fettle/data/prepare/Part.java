package io.fettle.data.prepare;

import java.util.Locale;

/** What a row is for. */
public enum Part {
  TRAIN,
  DEV,
  TEST;

  /** The part's file within the dataset. */
  public String file() {
    return name().toLowerCase(Locale.ROOT) + ".jsonl";
  }
}
