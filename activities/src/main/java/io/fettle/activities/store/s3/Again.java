package io.fettle.activities.store.s3;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ThreadLocalRandom;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Repeats of one call: at most eight in a row without progress, each after a longer random pause.
 */
final class Again {
  private static final int TRIES = 8;
  private static final int FIRST_PAUSE = 100;
  private static final int LONGEST_PAUSE = 5_000;
  private static final int BUSY = 500;
  private static final int CONFLICT = 409;
  private static final int TOO_MANY = 429;

  private int failures;

  /** Waits before the next try. */
  void after(SdkException failure) throws IOException {
    if (failure instanceof S3Exception answer
        && answer.statusCode() < BUSY
        && answer.statusCode() != CONFLICT
        && answer.statusCode() != TOO_MANY) {
      throw Failures.sentence(failure);
    }
    if (Failures.isOfTheCredentials(failure)) {
      throw Failures.sentence(failure);
    }
    after((Exception) failure, false);
  }

  /**
   * The same.
   *
   * @param progress whether this try brought the call further
   */
  void after(Exception failure, boolean progress) throws IOException {
    failures = progress ? 1 : failures + 1;
    if (failures >= TRIES) {
      throw Failures.sentence(failure);
    }
    long most = Math.min(LONGEST_PAUSE, (long) FIRST_PAUSE << failures);
    try {
      Thread.sleep(ThreadLocalRandom.current().nextLong(most / 2, most));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("it was stopped");
    }
  }
}
