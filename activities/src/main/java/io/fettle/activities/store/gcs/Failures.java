package io.fettle.activities.store.gcs;

import com.google.api.client.http.HttpResponseException;
import com.google.cloud.BaseServiceException;
import io.fettle.activities.store.ObjectStore.NoAccess;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What Google Cloud Storage says, as a sentence with what to do. */
final class Failures {
  /** Of a call that the client itself has repeated with pauses. */
  private static final int ATTEMPTS = 3;

  private static final int UNKNOWN = 401;
  private static final int FORBIDDEN = 403;
  private static final int GONE = 404;
  private static final int BUSY = 500;
  private static final int TOO_MANY = 429;

  private Failures() {}

  interface Call<T> {
    T run();
  }

  /**
   * For calls that may be repeated: the client does not where an answer was cut off in its body.
   */
  static <T> T told(Call<T> call) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return call.run();
      } catch (BaseServiceException e) {
        if (attempt == ATTEMPTS || !isCutOff(e)) {
          throw sentence(e);
        }
      }
    }
  }

  /** Whether there was no answer that could be read. */
  static boolean isCutOff(BaseServiceException e) {
    return e.getCode() == 0;
  }

  static boolean isOfTheBucket(@Nullable String content) {
    return String.valueOf(content).contains("bucket does not exist");
  }

  /** Of a call that went past the client. */
  static IOException sentence(HttpResponseException e) {
    return sentence(e.getStatusCode(), String.valueOf(e.getStatusMessage()), e);
  }

  static IOException sentence(BaseServiceException e) {
    var message = e.getMessage() == null ? String.valueOf(e.getCause()) : e.getMessage();
    return sentence(e.getCode(), message, e);
  }

  private static IOException sentence(int code, String message, Exception e) {
    var what = "%s (%d)".formatted(message, code);
    var fix =
        switch (code) {
          case UNKNOWN, FORBIDDEN ->
              "; check the credentials (GOOGLE_APPLICATION_CREDENTIALS, the machine's service account) and that they may create, get, update, list and delete objects here";
          case GONE -> "; make the bucket, or correct its name";
          case TOO_MANY -> "; the server throttles: repeat later";
          default ->
              code >= BUSY
                  ? "; the server is in trouble: repeat later"
                  : code == 0 ? "; check the network" : "";
        };
    return code == UNKNOWN || code == FORBIDDEN || code == GONE
        ? new NoAccess(what + fix, e)
        : new IOException(what + fix, e);
  }
}
