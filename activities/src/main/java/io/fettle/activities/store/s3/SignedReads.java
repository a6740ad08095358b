package io.fettle.activities.store.s3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fettle.activities.store.bucket.Bucket;
import io.fettle.activities.store.bucket.Bucket.Reading;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.utils.http.SdkHttpUtils;

/**
 * Reads by calls of our own over the client's connections and credentials: the SDK's pipeline takes
 * longer than a small object. Whatever does not go right is asked again by the SDK, which knows
 * what to make of it.
 */
final class SignedReads {
  private static final Logger LOG = LoggerFactory.getLogger(SignedReads.class);
  private static final int LONGEST_ERROR = 1 << 14;
  private static final int WHOLE = 200;
  private static final int PART = 206;
  private static final int GONE = 404;

  private final SdkHttpClient http;
  private final IdentityProvider<? extends AwsCredentialsIdentity> credentials;
  private final String region;
  private final String root;
  private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();

  SignedReads(SdkHttpClient http, S3Client client, String bucket) {
    this.http = http;
    var configured = client.serviceClientConfiguration();
    this.credentials = configured.credentialsProvider();
    this.region = configured.region().id();
    var any = client.utilities().getUrl(get -> get.bucket(bucket).key("x")).toString();
    this.root = any.substring(0, any.length() - 1);
  }

  /** What a call came to: bytes, the certainty that nothing is there, or neither. */
  sealed interface Got {
    /** An array, which a record should not hold. */
    final class Bytes implements Got {
      private final byte[] body;

      Bytes(byte[] body) {
        this.body = body;
      }

      byte[] body() {
        return body;
      }
    }

    record Nothing() implements Got {}

    record Unclear() implements Got {}
  }

  /** At most so many bytes from the object's start. */
  Got get(String name, int most) {
    try {
      var answer = ask(name, Map.of());
      return switch (answer.status()) {
        case WHOLE -> whole(answer, most);
        case GONE -> missing(answer);
        default -> dropped(answer);
      };
    } catch (IOException | SdkException e) {
      return new Got.Unclear();
    }
  }

  private static Got whole(Answer answer, int most) throws IOException {
    long bytes = answer.bytes();
    var body = bytes < 0 ? new byte[0] : answer.body().readNBytes((int) Math.min(bytes, most));
    if (body.length == bytes) {
      answer.body().close(); // the connection is used again
      return new Got.Bytes(body);
    }
    answer.body().abort();
    return bytes > most && body.length == most ? new Got.Bytes(body) : new Got.Unclear();
  }

  private static Got missing(Answer answer) throws IOException {
    var told = new String(answer.body().readNBytes(LONGEST_ERROR), UTF_8);
    answer.body().close();
    return told.contains("<Code>NoSuchKey</Code>") ? new Got.Nothing() : new Got.Unclear();
  }

  private static Got dropped(Answer answer) {
    answer.body().abort();
    return new Got.Unclear();
  }

  /** As far as one call goes; what was taken is right. */
  void read(String name, String version, Reading reading) {
    var range = "bytes=%d-%d".formatted(reading.from(), reading.last());
    try {
      var answer = ask(name, Map.of("Range", range, "If-Match", version));
      if (answer.status() == PART) {
        take(name, answer, reading);
      } else {
        answer.body().abort();
      }
    } catch (IOException | SdkException e) {
      LOG.debug("{} is asked for again", name, e);
    }
  }

  private static void take(String name, Answer answer, Reading reading) throws IOException {
    boolean isWhole = false;
    try {
      Bucket.refuseOtherRange(name, answer.header("Content-Range"), reading.from());
      reading.take(answer.body());
      isWhole = true;
    } finally {
      if (isWhole) {
        answer.body().close();
      } else {
        answer.body().abort();
      }
    }
  }

  /** An answer, whose body is to be closed, or aborted before its end. */
  private record Answer(SdkHttpResponse head, AbortableInputStream body) {
    int status() {
      return head.statusCode();
    }

    String header(String name) {
      return head.firstMatchingHeader(name).orElse("");
    }

    long bytes() {
      var length = header("Content-Length");
      return length.isEmpty() ? -1 : Long.parseLong(length);
    }
  }

  private Answer ask(String name, Map<String, String> headers) throws IOException {
    var request =
        SdkHttpRequest.builder()
            .method(SdkHttpMethod.GET)
            .uri(URI.create(root + SdkHttpUtils.urlEncodeIgnoreSlashes(name)));
    headers.forEach(request::putHeader);
    HttpExecuteResponse answer =
        http.prepareRequest(HttpExecuteRequest.builder().request(signed(request.build())).build())
            .call();
    var body = answer.responseBody().orElseThrow(() -> new IOException("an answer without a body"));
    return new Answer(answer.httpResponse(), body);
  }

  private SdkHttpRequest signed(SdkHttpRequest request) throws IOException {
    try {
      var identity = credentials.resolveIdentity().join();
      return signer
          .sign(
              sign ->
                  sign.identity(identity)
                      .request(request)
                      .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                      .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                      .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                      .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                      .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, false))
          .request();
    } catch (CompletionException e) {
      throw new IOException(e);
    }
  }
}
