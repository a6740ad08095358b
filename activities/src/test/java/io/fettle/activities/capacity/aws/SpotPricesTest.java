package io.fettle.activities.capacity.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.aws.SpotPrices.Quote;
import io.fettle.activities.capacity.aws.SpotPrices.Where;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SpotPricesTest {
  private static final Where A = new Where("g5.xlarge", "a");
  private static final Duration LONG = Duration.ofSeconds(30);

  private final AtomicLong nanos = new AtomicLong(-7);
  private final AtomicInteger asked = new AtomicInteger();

  @Test
  void prices_are_asked_for_every_few_minutes_and_told_with_their_age() {
    var prices = prices(() -> Map.of(A, (double) asked.incrementAndGet()), LONG);
    assertThat(prices.quote("g5.xlarge", "a")).as("never asked").isEmpty();

    prices.refresh();
    pass(Duration.ofMinutes(4));
    prices.refresh();
    assertThat(prices.quote("g5.xlarge", "a")).contains(new Quote(1, Duration.ofMinutes(4)));
    assertThat(prices.quote("g5.xlarge", "b")).isEmpty();

    pass(Duration.ofMinutes(1));
    prices.refresh();
    assertThat(prices.quote("g5.xlarge", "a")).contains(new Quote(2, Duration.ZERO));
  }

  @Test
  void a_provider_that_is_silent_keeps_nobody_and_its_answer_counts_once_it_is_there()
      throws Exception {
    var answer = new CountDownLatch(1);
    var prices =
        prices(
            () -> {
              asked.incrementAndGet();
              hang(answer);
              return Map.of(A, 0.4);
            },
            Duration.ofMillis(5));
    for (int i = 0; i < 20; i++) {
      prices.refresh();
      pass(Duration.ofMinutes(6));
    }
    assertThat(prices.quote("g5.xlarge", "a")).isEmpty();
    assertThat(asked).as("one question at a time").hasValue(1);

    answer.countDown();
    for (int looks = 0; prices.quote("g5.xlarge", "a").isEmpty(); looks++) {
      assertThat(looks).as("looks").isLessThan(2_000);
      Thread.sleep(5);
    }
  }

  @Test
  void prices_that_cannot_be_read_leave_the_last_ones_until_they_are_old() {
    var prices =
        prices(
            () -> {
              if (asked.incrementAndGet() > 1) {
                throw new IOException("not allowed");
              }
              return Map.of(A, 0.4);
            },
            LONG);
    for (int minutes = 0; minutes <= 60; minutes += 6) {
      prices.refresh();
      assertThat(prices.quote("g5.xlarge", "a")).map(Quote::dollars).contains(0.4);
      pass(Duration.ofMinutes(6));
    }
    prices.refresh();
    assertThat(prices.quote("g5.xlarge", "a")).isEqualTo(Optional.empty());
    assertThat(asked).hasValueGreaterThan(10);
  }

  private SpotPrices prices(SpotPrices.Source source, Duration patience) {
    return new SpotPrices("aws", source, patience, nanos::get);
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private static void hang(CountDownLatch until) throws IOException {
    try {
      until.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
