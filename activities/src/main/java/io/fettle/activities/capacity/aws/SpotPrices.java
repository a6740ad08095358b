package io.fettle.activities.capacity.aws;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.DescribeSpotPriceHistoryRequest;

/**
 * What spot costs just now, as EC2 says, for ranking. It is read in the background every few
 * minutes; nobody waits for it longer than a choice may take, and whoever finds nothing has the
 * price that the operator or the catalogue says. Safe for concurrent use.
 */
final class SpotPrices {
  private static final Logger log = LoggerFactory.getLogger(SpotPrices.class);

  /** Spot's prices move over hours; this is how often it is asked, whatever it answers. */
  private static final Duration AGAIN = Duration.ofMinutes(5);

  /** An answer that is older says no more than the catalogue does. */
  private static final Duration OLDEST = Duration.ofHours(1);

  private static final String LINUX = "Linux/UNIX";

  private final String pool;
  private final Source source;
  private final Duration patience;
  private final LongSupplier nanos;
  private @Nullable Answer answer; // guarded by this, as the rest
  private @Nullable Long askedNanos;
  private CompletableFuture<Void> asking = CompletableFuture.completedFuture(null);
  private String trouble = "";

  /** A machine type in a zone. */
  record Where(String type, String zone) {}

  /**
   * A price.
   *
   * @param age since it was read
   */
  record Quote(double dollars, Duration age) {}

  private record Answer(Map<Where, Double> prices, long readNanos) {}

  /** Dollars an hour of all places that there are. */
  interface Source {
    Map<Where, Double> read() throws IOException;
  }

  /**
   * @param patience how long a {@link #refresh} waits at most
   */
  SpotPrices(String pool, Source source, Duration patience, LongSupplier nanos) {
    this.pool = pool;
    this.source = source;
    this.patience = patience;
    this.nanos = nanos;
  }

  /** Of each zone. Asked for no time but now, EC2 tells what each costs then. */
  static Map<Where, Double> read(Ec2Client client, List<String> types, Instant now) {
    var request =
        DescribeSpotPriceHistoryRequest.builder()
            .instanceTypesWithStrings(types)
            .productDescriptions(LINUX)
            .startTime(now)
            .endTime(now)
            .build();
    var prices = new HashMap<Where, Double>();
    for (var each : client.describeSpotPriceHistoryPaginator(request).spotPriceHistory()) {
      var where = new Where(each.instanceTypeAsString(), each.availabilityZone());
      dollars(each.spotPrice()).ifPresent(price -> prices.put(where, price));
    }
    return prices;
  }

  private static Optional<Double> dollars(String text) {
    try {
      return Optional.of(Double.parseDouble(text)).filter(price -> price > 0 && price < 10_000);
    } catch (NumberFormatException none) {
      return Optional.empty();
    }
  }

  /** Has it read again, if it is time, and waits a moment for that. */
  void refresh() {
    try {
      begun().get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      log.debug("pool {}: spot's prices are on their way", pool);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause()); // reading catches what it may meet
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized CompletableFuture<Void> begun() {
    long now = nanos.getAsLong();
    boolean due = askedNanos == null || now - askedNanos >= AGAIN.toNanos();
    if (due && asking.isDone()) {
      askedNanos = now;
      asking = CompletableFuture.runAsync(this::read, Thread::startVirtualThread);
    }
    return asking;
  }

  private void read() {
    try {
      var prices = source.read();
      synchronized (this) {
        answer = new Answer(Map.copyOf(prices), nanos.getAsLong());
        trouble = "";
      }
    } catch (IOException | RuntimeException e) {
      tell(String.valueOf(e.getMessage()));
    }
  }

  /** Once while it is the same. */
  private synchronized void tell(String why) {
    if (!why.equals(trouble)) {
      trouble = why;
      log.info(
          "pool {}: spot's prices cannot be read, those of pools.yaml and the catalogue stand: {}",
          pool,
          why);
    }
  }

  /** By the last answer; empty: there is none, it is old, or it does not name the place. */
  synchronized Optional<Quote> quote(String type, String zone) {
    if (answer == null) {
      return Optional.empty();
    }
    var age = Duration.ofNanos(nanos.getAsLong() - answer.readNanos());
    var price = answer.prices().get(new Where(type, zone));
    return price == null || age.compareTo(OLDEST) > 0
        ? Optional.empty()
        : Optional.of(new Quote(price, age));
  }
}
