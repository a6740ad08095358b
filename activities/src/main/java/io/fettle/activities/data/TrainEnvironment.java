package io.fettle.activities.data;

import java.io.IOException;
import java.nio.file.Path;

/** The Python environment that also trains, so that what is counted is what is trained on. */
interface TrainEnvironment {
  /** Its interpreter; made at the first use, which may take minutes. */
  Path python() throws IOException, InterruptedException;

  /** The hash of its lock, which enters the step's input hash. */
  String lockHash() throws IOException;
}
