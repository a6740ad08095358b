package io.fettle.activities.capacity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a refusal says of its place, and what it does not. */
class ShunTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
  private static final Place SMALL = new Place("g5.xlarge", "eu-west-1a", 0.4);
  private static final Place LARGE = new Place("g5.8xlarge", "eu-west-1a", 1);
  private static final Place NEXT_ZONE = new Place("g5.8xlarge", "eu-west-1b", 1);
  private static final Place NEXT_REGION = new Place("g5.8xlarge", "us-east-1a", 1);

  @Test
  void a_quota_that_a_larger_type_does_not_fit_into_leaves_the_smaller_ones() {
    var shuns = shuns(Kind.QUOTA, List.of(LARGE));

    assertThat(covered(shuns, Market.SPOT, LARGE)).isTrue();
    assertThat(covered(shuns, Market.SPOT, NEXT_ZONE)).isTrue();
    assertThat(covered(shuns, Market.SPOT, NEXT_REGION)).isFalse();
    assertThat(covered(shuns, Market.SPOT, SMALL)).isFalse();
    assertThat(covered(shuns, Market.ON_DEMAND, LARGE)).isFalse();
    assertThat(shuns).extracting(Shun::until).containsExactly(NOW.plus(Duration.ofHours(1)));
  }

  @Test
  void what_a_zone_does_not_have_is_left_alone_for_an_hour_in_that_market() {
    var shuns = shuns(Kind.UNSUPPORTED, List.of(LARGE));

    assertThat(covered(shuns, Market.SPOT, LARGE)).isTrue();
    assertThat(covered(shuns, Market.SPOT, NEXT_ZONE)).isFalse();
    assertThat(covered(shuns, Market.ON_DEMAND, LARGE)).isFalse();
    assertThat(shuns).extracting(Shun::until).containsExactly(NOW.plus(Duration.ofHours(1)));
  }

  @Test
  void what_is_said_of_no_place_leaves_all_of_the_offer_alone_for_minutes() {
    var shuns = shuns(Kind.UNSUPPORTED, List.of());

    assertThat(covered(shuns, Market.SPOT, SMALL)).isTrue();
    assertThat(covered(shuns, Market.SPOT, LARGE)).isTrue();
    assertThat(shuns).extracting(Shun::until).containsOnly(NOW.plus(Duration.ofMinutes(5)));
  }

  private static boolean covered(List<Shun> shuns, Market market, Place place) {
    return shuns.stream().anyMatch(shun -> shun.covers("aws", market, place, "e"));
  }

  private static List<Shun> shuns(Kind kind, List<Place> said) {
    var offer = new Offer("aws", "a10g-24gb-x1", 1, "", Market.SPOT, List.of(SMALL, LARGE));
    return Shun.of(offer, "e", new Refusal(kind, "c", "s", said), NOW);
  }
}
