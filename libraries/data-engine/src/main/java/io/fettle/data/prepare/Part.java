package io.fettle.data.prepare;

import java.util.Locale;

/** What a row is for. */
public enum Part {
  TRAIN,
  DEV,
  TEST;

  /** The part's name in manifests and reports. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The part's file within the dataset. */
  public String file() {
    return word() + ".jsonl";
  }
}
