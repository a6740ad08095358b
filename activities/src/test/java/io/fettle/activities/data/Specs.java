package io.fettle.activities.data;

import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.spec.SpecReading;
import io.fettle.workflows.spec.SpecPolicy;
import java.nio.file.Path;
import java.util.List;

/** Specs as a user would write them. */
final class Specs {
  private Specs() {}

  /** Relative paths start at {@code folder}. */
  static SpecReading.Accepted accepted(Path folder, String text, String... overrides) {
    SpecReading reading =
        new SpecReader(SpecPolicy.current()).read("spec.yaml", text, folder, List.of(overrides));
    return reading.accepted().orElseThrow(() -> new AssertionError(reading.describe()));
  }
}
