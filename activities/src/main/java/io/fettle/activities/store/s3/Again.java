package io.fettle.activities.store.s3;

import io.fettle.activities.store.bucket.Bucket.Tries;
import java.io.IOException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Repeats of one call, unless repeating cannot help. */
final class Again {
  private static final int BUSY = 500;
  private static final int CONFLICT = 409;
  private static final int TOO_MANY = 429;

  private final Tries tries = new Tries();

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
    tries.failed(Failures.sentence(failure), progress);
  }
}
