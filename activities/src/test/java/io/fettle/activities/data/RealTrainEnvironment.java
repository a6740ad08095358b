package io.fettle.activities.data;

import java.nio.file.Files;
import java.nio.file.Path;

/** The environment as it stands in {@code FETTLE_HOME}. */
final class RealTrainEnvironment implements TrainEnvironment {
  @Override
  public Path python() {
    Path python = Path.of(System.getProperty("fettle.home"), "envs", "train", "bin", "python");
    if (!Files.isExecutable(python)) {
      throw new AssertionError(python + " is missing; make the environment first");
    }
    return python;
  }

  @Override
  public String lockHash() {
    return "";
  }
}
