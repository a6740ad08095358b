package io.fettle.data.prepare;

import java.util.Arrays;
import java.util.List;
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

  /** The names of all, in the order in which they enter the dataset hash. */
  public static List<String> words() {
    return Arrays.stream(values()).map(Part::word).toList();
  }

  /** The part's file within a run's dataset. */
  public String file() {
    return word() + ".jsonl";
  }
}
