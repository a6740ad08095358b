package io.fettle.activities.data;

import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.spec.SpecReading;
import io.fettle.workflows.spec.SpecPolicy;
import java.nio.file.Path;
import java.util.List;

/** Specs as a user would write them. */
final class Specs {
  private Specs() {}

  /** Canonical; the folder holds {@code config.json} and {@code rows.jsonl}, which nobody reads. */
  static String seeded(Path folder, int seed) {
    return accepted(
            folder,
            """
            apiVersion: fettle/v1
            name: seeded
            model: {source: path, path: .}
            data: {train: rows.jsonl, format: messages}
            train: {seed: %d}
            evaluate: {task: generation}
            """
                .formatted(seed))
        .canonical();
  }

  /** Relative paths start at {@code folder}. */
  static SpecReading.Accepted accepted(Path folder, String text, String... overrides) {
    SpecReading reading =
        new SpecReader(SpecPolicy.current()).read("spec.yaml", text, folder, List.of(overrides));
    return reading.accepted().orElseThrow(() -> new AssertionError(reading.describe()));
  }
}
