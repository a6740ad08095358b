package io.fettle.activities.store.s3;

import io.fettle.activities.store.ObjectStore.NoAccess;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** What S3 says, as a sentence with what to do. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
  private static final int UNKNOWN = 401;
  private static final int FORBIDDEN = 403;
  private static final int GONE = 404;
  private static final int BUSY = 500;
  private static final int TOO_MANY = 429;

  private Failures() {}

  /** Of a call whose failure changes nothing. */
  static void unheard(String what, SdkException e) {
    LOG.debug("could not {}: {}", what, e.toString());
  }

  /** Whether repeating cannot help: nobody is there to sign the call. */
  static boolean isOfTheCredentials(Exception e) {
    var text = String.valueOf(e.getMessage());
    return text.contains("Unable to load credentials") || text.contains("Unable to load region");
  }

  interface Call<T> {
    T run();
  }

  /** Repeats what the SDK does not: an answer whose body was cut off is no XML. */
  static <T> T told(Call<T> call) throws IOException {
    for (var again = new Again(); ; ) {
      try {
        return call.run();
      } catch (SdkException e) {
        if (!isCutOff(e)) {
          throw sentence(e);
        }
        again.after(e, false);
      }
    }
  }

  /** Whether the call went through, and its answer did not. */
  static boolean isCutOff(SdkException e) {
    return e instanceof SdkClientException && String.valueOf(e.getMessage()).contains("parse XML");
  }

  /** Whether the bucket itself is not there. */
  static boolean isOfTheBucket(S3Exception e) {
    return e.statusCode() == GONE && "NoSuchBucket".equals(code(e));
  }

  private static String code(S3Exception e) {
    var details = e.awsErrorDetails();
    return details == null || details.errorCode() == null ? "" : details.errorCode();
  }

  static IOException sentence(Exception e) {
    return switch (e) {
      case S3Exception answer when isClosed(answer) -> new NoAccess(answered(answer), answer);
      case S3Exception answer -> new IOException(answered(answer), answer);
      case AbortedException stopped -> stopped(stopped);
      case SdkClientException unsent when unsent.getCause() instanceof InterruptedException ->
          stopped(unsent);
      case SdkClientException unsent when isOfTheCredentials(unsent) ->
          new NoAccess(unsent(unsent), unsent);
      case SdkClientException unsent -> new IOException(unsent(unsent), unsent);
      case IOException io -> io;
      default -> new IOException(e.getMessage(), e);
    };
  }

  private static boolean isClosed(S3Exception e) {
    return e.statusCode() == UNKNOWN || e.statusCode() == FORBIDDEN || isOfTheBucket(e);
  }

  private static IOException stopped(Exception e) {
    var stopped = new InterruptedIOException("it was stopped");
    stopped.initCause(e);
    return stopped;
  }

  private static String answered(S3Exception e) {
    var code = code(e);
    var what = "%s (%d %s)".formatted(message(e), e.statusCode(), code);
    if (isOfTheBucket(e)) {
      return what + "; make the bucket, or correct its name";
    }
    if (code.contains("AuthorizationHeader")) {
      return what + "; set AWS_REGION to the bucket's region";
    }
    return switch (e.statusCode()) {
      case UNKNOWN, FORBIDDEN ->
          what
              + "; check the credentials (AWS_PROFILE, AWS_ACCESS_KEY_ID, the instance's role) and that they may read, write, list and delete here";
      case 301, 307 -> what + "; set AWS_REGION to the bucket's region";
      case TOO_MANY -> what + "; the server throttles: repeat later";
      default ->
          e.statusCode() >= BUSY
              ? what + "; the server is in trouble or throttles: repeat later"
              : what;
    };
  }

  private static String message(S3Exception e) {
    var details = e.awsErrorDetails();
    return details == null || details.errorMessage() == null
        ? "the server refused"
        : details.errorMessage();
  }

  private static String unsent(SdkClientException e) {
    var text = String.valueOf(e.getMessage());
    if (text.contains("Unable to load credentials")) {
      return "no credentials were found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role";
    }
    if (text.contains("Unable to load region")) {
      return "no region was found; set AWS_REGION";
    }
    return text + "; check the network and the endpoint";
  }
}
