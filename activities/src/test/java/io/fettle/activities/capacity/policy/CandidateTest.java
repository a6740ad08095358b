package io.fettle.activities.capacity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CandidateTest {
  private final Candidate usual = candidate("eu-west-1a", 0.4, 0.4);
  private final Candidate cheapNow = candidate("eu-west-1b", 0.2, 0.9);
  private final Candidate notKnown = candidate("eu-west-1c", -1, -1);

  @Test
  void a_place_is_ranked_by_todays_price_and_not_by_the_one_at_which_it_is_counted() {
    assertThat(Stream.of(notKnown, usual, cheapNow).sorted(Candidate.BEST_FIRST))
        .containsExactly(cheapNow, usual, notKnown);
  }

  @Test
  void it_shows_the_price_at_which_it_is_counted_and_todays() {
    assertThat(cheapNow.show())
        .isEqualTo("g5.xlarge in eu-west-1b (0.90 dollars an hour, EC2 says 0.20)");
  }

  private static Candidate candidate(String zone, double today, double counted) {
    var place = new Place("g5.xlarge", zone, counted);
    var offer =
        new Offer("aws", "a10g-24gb-x1", today, "EC2 says 0.20", Market.SPOT, List.of(place));
    return new Candidate(0, offer, place, Optional.empty(), 0, true);
  }
}
