package io.fettle.activities.programs;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What the large packages weigh, from {@code sizes.json}: {@code {"torch": [download bytes,
 * installed bytes]}}. Small ones are put down at an average.
 */
record Sizes(JsonNode packages) {
  private static final long SMALL_DOWNLOAD = 200_000;
  private static final long SMALL_INSTALLED = 650_000;

  static Sizes read(Path programs) throws IOException {
    Path file = programs.resolve("sizes.json");
    return new Sizes(
        Files.exists(file)
            ? Wire.mapper().readTree(file.toFile())
            : Wire.mapper().createObjectNode());
  }

  Environments.Cost of(List<Lock> locks, boolean withoutCuda) {
    Set<String> counted = new HashSet<>();
    long download = 0;
    long installed = 0;
    for (Lock lock : locks) {
      for (Lock.Requirement requirement : lock.requirements()) {
        boolean skipped =
            withoutCuda && requirement.isCuda() && !requirement.name().equals("torch");
        if (!skipped && counted.add(requirement.pin())) {
          JsonNode size = packages.path(requirement.name());
          download += size.path(0).asLong(SMALL_DOWNLOAD);
          installed += size.path(1).asLong(SMALL_INSTALLED);
        }
      }
    }
    return new Environments.Cost(download, installed);
  }
}
