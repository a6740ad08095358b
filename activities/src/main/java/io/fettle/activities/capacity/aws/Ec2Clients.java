package io.fettle.activities.capacity.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** Clients that send each call once. */
final class Ec2Clients {
  private static final Duration CONNECT = Duration.ofSeconds(5);

  /** Within the minute that an activity of capacity has. */
  private static final Duration SILENCE = Duration.ofSeconds(20);

  private static final Duration CALL = Duration.ofSeconds(40);

  private Ec2Clients() {}

  /**
   * @param endpoint empty: the region's own
   */
  static Ec2Client of(String region, Optional<URI> endpoint) {
    var builder =
        Ec2Client.builder()
            .region(Region.of(region))
            .httpClient(
                Apache5HttpClient.builder()
                    .connectionTimeout(CONNECT)
                    .socketTimeout(SILENCE)
                    .build())
            .overrideConfiguration(
                with -> with.retryStrategy(AwsRetryStrategy.doNotRetry()).apiCallTimeout(CALL));
    endpoint.ifPresent(builder::endpointOverride);
    return builder.build();
  }
}
