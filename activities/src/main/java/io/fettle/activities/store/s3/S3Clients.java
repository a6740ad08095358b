package io.fettle.activities.store.s3;

import io.fettle.activities.store.Stores.Access;
import io.fettle.activities.store.bucket.Bucket.Tries;
import java.io.IOException;
import java.time.Duration;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.retries.api.BackoffStrategy;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/**
 * Clients over one pool of connections, and one over a pool of its own.
 *
 * @param patient repeats what a network lost
 * @param once sends each call once
 * @param slow for calls that a server answers only after it has put a large object together
 */
record S3Clients(
    SdkHttpClient http, S3Client patient, S3Client once, SdkHttpClient slowHttp, S3Client slow) {
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final Duration LONG_SILENCE = Duration.ofMinutes(15);

  /** Beside a transfer's streams: looks, lists and small objects. */
  private static final int MORE_CONNECTIONS = 128;

  static S3Clients open(Access access) throws IOException {
    var http = http(2 * access.transfer().streams() + MORE_CONNECTIONS, SILENCE);
    var slowHttp = http(MORE_CONNECTIONS, LONG_SILENCE);
    try {
      var patient = client(http, access, often());
      var once = client(http, access, AwsRetryStrategy.doNotRetry());
      return new S3Clients(http, patient, once, slowHttp, client(slowHttp, access, often()));
    } catch (SdkException e) {
      http.close();
      slowHttp.close();
      throw Failures.sentence(e);
    }
  }

  private static SdkHttpClient http(int connections, Duration silence) {
    return Apache5HttpClient.builder()
        .maxConnections(connections)
        .connectionTimeout(CONNECT)
        .socketTimeout(silence)
        .build();
  }

  /** Its circuit breaker would end a hundred patient calls at the first second without a server. */
  private static RetryStrategy often() {
    var pauses = BackoffStrategy.exponentialDelayHalfJitter(Tries.FIRST_PAUSE, Tries.LONGEST_PAUSE);
    return AwsRetryStrategy.standardRetryStrategy().toBuilder()
        .maxAttempts(Tries.MOST)
        .backoffStrategy(pauses)
        .throttlingBackoffStrategy(pauses)
        .circuitBreakerEnabled(false)
        .build();
  }

  private static S3Client client(SdkHttpClient http, Access access, RetryStrategy strategy) {
    return builder(http, access)
        .overrideConfiguration(with -> with.retryStrategy(strategy))
        .build();
  }

  /**
   * Checksums where we name one: by default many servers that speak S3 refuse what the SDK adds. A
   * server of one's own rarely has a host name for each bucket.
   */
  private static S3ClientBuilder builder(SdkHttpClient http, Access access) {
    var builder =
        S3Client.builder()
            .httpClient(http)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    access
        .endpoint("s3")
        .ifPresent(elsewhere -> builder.endpointOverride(elsewhere).forcePathStyle(true));
    return builder;
  }

  void close() {
    patient.close();
    once.close();
    slow.close();
    http.close();
    slowHttp.close();
  }
}
