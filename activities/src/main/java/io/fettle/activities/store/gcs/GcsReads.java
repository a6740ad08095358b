package io.fettle.activities.store.gcs;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.HttpResponse;
import com.google.api.client.http.HttpResponseException;
import com.google.cloud.http.HttpTransportOptions;
import com.google.cloud.storage.StorageOptions;
import io.fettle.activities.store.bucket.Bucket;
import io.fettle.activities.store.bucket.Bucket.Changed;
import io.fettle.activities.store.bucket.Bucket.Reading;
import io.fettle.activities.store.bucket.Bucket.Tries;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Bytes of objects, by the JSON API's own calls with the client's credentials: its read channel
 * begins again without an end or a pause when a body breaks.
 */
final class GcsReads {
  private static final int GONE = 404;
  private static final int CONDITION = 412;
  private static final int NO_SUCH_RANGE = 416;
  private static final int TOO_MANY = 429;
  private static final int TIMEOUT = 408;
  private static final int BUSY = 500;

  private final HttpRequestFactory requests;
  private final String host;
  private final String bucket;

  GcsReads(StorageOptions options, String bucket) {
    var transport = (HttpTransportOptions) options.getTransportOptions();
    this.requests =
        transport
            .getHttpTransportFactory()
            .create()
            .createRequestFactory(transport.getHttpRequestInitializer(options));
    this.host = options.getHost().replaceAll("/+$", "");
    this.bucket = bucket;
  }

  /** At most so many bytes from the start; empty if nothing is there. */
  Optional<byte[]> get(String name, int most) throws IOException {
    for (var tries = new Tries(); ; ) {
      try {
        return Optional.of(first(name, most));
      } catch (HttpResponseException e) {
        if (e.getStatusCode() == GONE && !Failures.isOfTheBucket(e.getContent())) {
          return Optional.empty();
        }
        after(e, tries, false);
      } catch (IOException e) {
        after(e, tries, false);
      }
    }
  }

  private byte[] first(String name, int most) throws IOException {
    var answer = ask(name, "", "");
    try (var in = answer.getContent()) {
      var body = in.readNBytes(most);
      var length = answer.getHeaders().getContentLength();
      if (length != null && body.length < Math.min(length, most)) {
        throw new EOFException("the server ended the answer early");
      }
      return body;
    } finally {
      answer.disconnect();
    }
  }

  /** Cut off in the middle, it goes on where it was. */
  void read(String name, String generation, Reading reading) throws IOException {
    var tries = new Tries();
    while (!reading.isDone()) {
      long before = reading.from();
      try {
        readOnce(name, generation, reading);
      } catch (HttpResponseException e) {
        if (e.getStatusCode() == GONE
            || e.getStatusCode() == CONDITION
            || e.getStatusCode() == NO_SUCH_RANGE) {
          throw new Changed(name);
        }
        after(e, tries, false);
      } catch (IOException e) {
        after(e, tries, reading.from() > before);
      }
    }
  }

  private void readOnce(String name, String generation, Reading reading) throws IOException {
    var range = "bytes=%d-%d".formatted(reading.from(), reading.last());
    var answer = ask(name, "&generation=" + generation, range);
    try (InputStream in = answer.getContent()) {
      Bucket.refuseOtherRange(name, answer.getHeaders().getContentRange(), reading.from());
      reading.take(in);
    } finally {
      answer.disconnect();
    }
  }

  private HttpResponse ask(String name, String more, String range) throws IOException {
    var url =
        "%s/download/storage/v1/b/%s/o/%s?alt=media%s"
            .formatted(host, encoded(bucket), encoded(name), more);
    var request = requests.buildGetRequest(new GenericUrl(url, true));
    request.setNumberOfRetries(0);
    request.setResponseReturnRawInputStream(true);
    request.getHeaders().setAcceptEncoding("identity");
    if (!range.isEmpty()) {
      request.getHeaders().setRange(range);
    }
    return request.execute();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** Waits before the next try. */
  private static void after(IOException failure, Tries tries, boolean progress) throws IOException {
    var told =
        failure instanceof HttpResponseException answer ? Failures.sentence(answer) : failure;
    if (failure instanceof HttpResponseException answer && !isPassing(answer.getStatusCode())) {
      throw told;
    }
    tries.failed(told, progress);
  }

  private static boolean isPassing(int status) {
    return status >= BUSY || status == TOO_MANY || status == TIMEOUT;
  }
}
