package io.fettle.activities.capacity.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.workflows.capacity.CapacityProgress;
import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final long HOUR = 3_600_000;
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
  private static final List<Offer> AWS =
      List.of(
          offer("aws", Market.SPOT, "g5.xlarge", "eu-west-1a", 0.4),
          offer("aws", Market.SPOT, "g5.xlarge", "eu-west-1b", 0.5),
          offer("aws", Market.SPOT, "g6.xlarge", "eu-west-1a", 0.6),
          offer("aws", Market.ON_DEMAND, "g5.xlarge", "eu-west-1a", 1.0),
          offer("aws", Market.ON_DEMAND, "g5.xlarge", "eu-west-1b", 1.0));

  private final Policy policy = new Policy(Policy.CHANGEOVER);
  private CapacityTerms terms = terms(Market.SPOT, Optional.empty());
  private CapacityProgress progress = progress(0, 0, 0, 0);
  private Purse purse = Purse.OPEN;
  private boolean cheaper;

  @Test
  void the_cheapest_places_of_a_pool_and_market_are_put_together() {
    var offer = chosen(NOW);
    assertThat(offer.market()).isEqualTo(Market.SPOT);
    assertThat(names(offer)).containsExactly("g5.xlarge eu-west-1a", "g5.xlarge eu-west-1b");
    assertThat(offer.dollarsPerHour()).isEqualTo(0.5);
    assertThat(offer.reason())
        .isEqualTo(
            "spot of aws: g5.xlarge in eu-west-1a (0.40 dollars an hour), g5.xlarge in eu-west-1b (0.50 dollars an hour);"
                + " no deadline, 0 of 3 taken back, waited 0 s; 0.00 dollars spent");
  }

  @Test
  void what_is_known_of_a_price_is_told_with_it() {
    var place = new Place("g5.xlarge", "eu-west-1a", 0.4);
    var today = new Offer("aws", "a10g-24gb-x1", 0.4, "EC2's price", Market.SPOT, List.of(place));

    assertThat(offer(policy.choose(asked(List.of(today), "e"), NOW)).reason())
        .contains("g5.xlarge in eu-west-1a (0.40 dollars an hour, EC2's price)");
  }

  @Test
  void a_place_that_took_hosts_back_lately_is_dearer_than_its_price_for_some_hours() {
    policy.taken("aws", Market.SPOT, AWS.get(0).places().getFirst(), NOW);
    assertThat(names(chosen(NOW))).containsExactly("g5.xlarge eu-west-1b", "g6.xlarge eu-west-1a");
    var later = NOW.plus(Duration.ofHours(3));
    assertThat(names(chosen(later)).getFirst()).isEqualTo("g5.xlarge eu-west-1a");
  }

  @Test
  void an_empty_place_is_left_alone_for_minutes_in_that_market_alone() {
    refuse(Kind.STOCKOUT, chosen(NOW));
    assertThat(names(chosen(NOW))).containsExactly("g6.xlarge eu-west-1a");
    refuse(Kind.STOCKOUT, chosen(NOW));
    assertThat(waits(NOW).after()).isEqualTo(Duration.ofMinutes(5));
    terms = terms(Market.ON_DEMAND, Optional.empty());
    assertThat(names(chosen(NOW))).hasSize(2);
    terms = terms(Market.SPOT, Optional.empty());
    assertThat(chosen(NOW.plus(Duration.ofMinutes(6))).market()).isEqualTo(Market.SPOT);
  }

  @Test
  void a_refusal_about_one_place_of_an_offer_leaves_the_other() {
    var offer = chosen(NOW);
    var first = offer.places().getFirst();
    policy.refused(offer, "e", new Refusal(Kind.STOCKOUT, "c", "s", List.of(first)), NOW);
    assertThat(names(chosen(NOW))).containsExactly("g5.xlarge eu-west-1b", "g6.xlarge eu-west-1a");
  }

  @Test
  void a_spot_quota_turns_to_on_demand_and_covers_the_type_in_its_region() {
    refuse(Kind.QUOTA, chosen(NOW));
    assertThat(names(chosen(NOW))).containsExactly("g6.xlarge eu-west-1a");
    refuse(Kind.QUOTA, chosen(NOW));
    var fallback = chosen(NOW);
    assertThat(fallback.market()).isEqualTo(Market.ON_DEMAND);
    assertThat(names(fallback)).containsExactly("g5.xlarge eu-west-1a", "g5.xlarge eu-west-1b");
  }

  @Test
  void a_quota_for_on_demand_never_turns_to_spot() {
    terms = terms(Market.ON_DEMAND, Optional.empty());
    refuse(Kind.QUOTA, chosen(NOW));
    assertThat(waits(NOW).why())
        .contains("aws on-demand g5.xlarge in eu-west-1a said code: fix it")
        .contains("aws spot is not asked for");
  }

  @Test
  void a_pool_that_needs_people_is_off_for_this_execution_and_refused_where_nothing_is_left() {
    refuse(Kind.PERMISSION, chosen(NOW));
    var answer = policy.choose(asked(AWS, "e"), NOW);
    assertThat(answer)
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused -> assertThat(refused.why()).contains("said code: fix it"));
    assertThat(policy.choose(asked(AWS, "another execution"), NOW))
        .isInstanceOf(Answer.Chosen.class);
    assertThat(choose(List.of(listing("aws", AWS), listing("gcp", gcp())), NOW))
        .isInstanceOfSatisfying(
            Answer.Chosen.class, got -> assertThat(got.offer().pool()).isEqualTo("gcp"));
  }

  @Test
  void pools_come_in_the_specs_order_and_markets_before_them() {
    var listings = List.of(listing("gcp", gcp()), listing("aws", AWS));
    assertThat(offer(choose(listings, NOW)).pool()).isEqualTo("gcp");
    policy.refused(gcp().getFirst(), "e", new Refusal(Kind.STOCKOUT, "c", "s", List.of()), NOW);
    assertThat(offer(choose(listings, NOW)).pool()).isEqualTo("aws");
    assertThat(offer(choose(listings, NOW)).market()).isEqualTo(Market.SPOT);
  }

  @Test
  void an_own_machine_is_taken_whatever_the_market() {
    var own = List.of(Offer.owned("lab", "a10g-24gb-x1", "there"));
    assertThat(offer(choose(List.of(listing("lab", own), listing("aws", AWS)), NOW)).pool())
        .isEqualTo("lab");
    assertThat(offer(choose(List.of(listing("lab", List.of()), listing("aws", AWS)), NOW)).pool())
        .isEqualTo("aws");
  }

  @Test
  void an_unknown_price_blocks_nothing_and_comes_last() {
    purse = new Purse(3, OptionalDouble.of(0.01));
    var unknown = offer("aws", Market.SPOT, "p5.48xlarge", "eu-west-1c", -1);
    var all = new ArrayList<>(AWS);
    all.add(unknown);
    var offer = offer(policy.choose(asked(all, "e"), NOW));
    assertThat(names(offer)).containsExactly("p5.48xlarge eu-west-1c");
    assertThat(offer.dollarsPerHour()).isEqualTo(-1);
    purse = Purse.OPEN;
    assertThat(names(offer(policy.choose(asked(all, "e"), NOW))).getFirst())
        .isEqualTo("g5.xlarge eu-west-1a");
  }

  @Test
  void what_the_cap_cannot_pay_to_the_end_is_not_chosen() {
    // ten minutes to start, 3.5 to save and a lease of 15, at 0.40 an hour
    purse = new Purse(9.8, OptionalDouble.of(0.191));
    assertThat(names(chosen(NOW))).containsExactly("g5.xlarge eu-west-1a");
    purse = new Purse(9.8, OptionalDouble.of(0.189));
    assertThat(waits(NOW).why())
        .contains("more than the budget pays for; fettle amend --budget raises it")
        .contains("9.80 dollars spent, 0.19 left");
  }

  @Test
  void spot_waits_where_there_is_none_while_uniform_progress_is_near() {
    terms = terms(Market.SPOT, Optional.of(Duration.ofHours(10)));
    // 3 h for 40 % leave 4.5 h of work: after 4 h 21 of 10 h the lag is near half of the slack
    progress = progress(3, 40, 3, 0);
    emptySpot();
    var wait = waits(NOW);
    assertThat(wait.after()).isEqualTo(Duration.ofMinutes(5));
    assertThat(wait.why()).contains("40.0 % done after 30.0 % of 10.00 h, 4.50 h of work left");
    progress = progress(261 / 60.0, 40, 3, 0);
    assertThat(waits(NOW).after()).isBetween(Duration.ofSeconds(179), Duration.ofSeconds(180));
  }

  @Test
  void on_demand_is_taken_where_there_is_no_spot_and_the_run_is_behind() {
    terms = terms(Market.SPOT, Optional.of(Duration.ofHours(10)));
    progress = progress(4.5, 40, 3, 0);
    assertThat(chosen(NOW).market()).isEqualTo(Market.SPOT);
    emptySpot();
    assertThat(chosen(NOW).market()).isEqualTo(Market.ON_DEMAND);
  }

  @Test
  void a_deadline_at_risk_takes_on_demand_although_there_is_spot() {
    terms = terms(Market.SPOT, Optional.of(Duration.ofHours(10)));
    progress = progress(5.2, 40, 3, 0);
    var offer = chosen(NOW);
    assertThat(offer.market()).isEqualTo(Market.ON_DEMAND);
    assertThat(offer.reason()).contains("the deadline is at risk; 40.0 % done after 52.0 %");
  }

  @Test
  void an_unmeasured_run_takes_spot_if_there_is_some_and_waits_for_none() {
    terms = terms(Market.SPOT, Optional.of(Duration.ofHours(10)));
    assertThat(chosen(NOW).reason()).contains("work left not known yet");
    emptySpot();
    assertThat(chosen(NOW).market()).isEqualTo(Market.ON_DEMAND);
    progress = progress(2.6, 0, 2, 1);
    var fresh = new Policy(Policy.CHANGEOVER);
    assertThat(offer(fresh.choose(asked(AWS, "e"), NOW)).market()).isEqualTo(Market.ON_DEMAND);
  }

  @Test
  void preemptions_turn_to_on_demand_and_a_lead_turns_back() {
    progress = progress(1, 10, 1, 3);
    assertThat(chosen(NOW).market()).isEqualTo(Market.ON_DEMAND);
    assertThat(chosen(NOW).reason()).contains("taken back too often", "3 of 3 taken back");
    terms = terms(Market.SPOT, Optional.of(Duration.ofHours(20)));
    assertThat(chosen(NOW).market()).isEqualTo(Market.SPOT);
  }

  @Test
  void a_dearer_host_is_left_for_spot_only_with_room_for_a_change_that_fails() {
    terms = terms(Market.SPOT, Optional.of(Duration.ofHours(10)));
    cheaper = true;
    progress = progress(3, 40, 3, 0);
    assertThat(chosen(NOW).market()).isEqualTo(Market.SPOT);
    progress = progress(3.9, 32, 2.4, 0);
    assertThat(waits(NOW).why()).contains("not back to spot yet");
  }

  @Test
  void on_demand_follows_spot_after_the_wait_that_the_spec_allows() {
    terms = waitingFor(Duration.ofMinutes(30));
    emptySpot();
    progress = progress(0, 0, 0, 0).waited(28 * 60);
    assertThat(waits(NOW).after()).isEqualTo(Duration.ofMinutes(2));
    progress = progress.waited(30 * 60);
    assertThat(chosen(NOW).market()).isEqualTo(Market.ON_DEMAND);
  }

  @Test
  void six_refused_launches_a_minute_are_all() {
    for (int i = 0; i < 6; i++) {
      assertThat(policy.mayLaunch(NOW.plusSeconds(i))).isEmpty();
    }
    policy.launched(NOW.plusSeconds(5));
    assertThat(policy.mayLaunch(NOW.plusSeconds(6))).isEmpty();
    assertThat(policy.mayLaunch(NOW.plusSeconds(7)).orElseThrow())
        .isGreaterThan(Duration.ofSeconds(52));
    assertThat(policy.mayLaunch(NOW.plusSeconds(61))).isEmpty();
  }

  @Test
  void what_was_learned_outlives_the_process() throws IOException {
    refuse(Kind.STOCKOUT, chosen(NOW));
    policy.taken("aws", Market.SPOT, AWS.get(2).places().getFirst(), NOW);
    for (int i = 0; i < 6; i++) {
      policy.mayLaunch(NOW);
    }
    var next = new Policy(Policy.CHANGEOVER);
    next.recall(policy.learned(), NOW);
    var offer = offer(next.choose(asked(AWS, "e"), NOW));
    assertThat(names(offer)).containsExactly("g6.xlarge eu-west-1a");
    assertThat(offer.reason()).contains("interruptions lately 1.0");
    assertThat(next.mayLaunch(NOW)).isPresent();
  }

  /** Over random refusals: never a place that was refused, never a market that is not asked for. */
  @Test
  void no_choice_names_a_place_that_is_to_be_left_alone() {
    var random = new Random(7);
    for (int round = 0; round < 300; round++) {
      var each = new Policy(Policy.CHANGEOVER);
      var refused = new ArrayList<Place>();
      var now = NOW;
      for (int i = 0; i < 8; i++) {
        var answer = each.choose(asked(AWS, "e"), now);
        if (!(answer instanceof Answer.Chosen(var offer))) {
          assertThat(refused).as("all of spot").hasSize(3);
          break;
        }
        assertThat(offer.market()).isEqualTo(Market.SPOT);
        assertThat(offer.places()).noneMatch(refused::contains);
        var some = offer.places().subList(0, 1 + random.nextInt(offer.places().size()));
        refused.addAll(some);
        var kind = random.nextBoolean() ? Kind.STOCKOUT : Kind.UNKNOWN;
        each.refused(offer, "e", new Refusal(kind, "c", "s", some), now);
        now = now.plusSeconds(random.nextInt(20));
      }
    }
  }

  private void refuse(Kind kind, Offer offer) {
    policy.refused(offer, "e", new Refusal(kind, "code", "fix it", List.of()), NOW);
  }

  private void emptySpot() {
    AWS.stream()
        .filter(offer -> offer.market() == Market.SPOT)
        .forEach(offer -> refuse(Kind.STOCKOUT, offer));
  }

  private Offer chosen(Instant now) {
    return offer(policy.choose(asked(AWS, "e"), now));
  }

  private Answer.Wait waits(Instant now) {
    var answer = policy.choose(asked(AWS, "e"), now);
    assertThat(answer).isInstanceOf(Answer.Wait.class);
    return (Answer.Wait) answer;
  }

  private Answer choose(List<Policy.Listing> listings, Instant now) {
    return policy.choose(new Policy.Asked(request(), "e", listings, purse), now);
  }

  private static Offer offer(Answer answer) {
    assertThat(answer).isInstanceOf(Answer.Chosen.class);
    return ((Answer.Chosen) answer).offer();
  }

  private Policy.Asked asked(List<Offer> offers, String execution) {
    return new Policy.Asked(request(), execution, List.of(listing("aws", offers)), purse);
  }

  private CapacityRequest request() {
    return new CapacityRequest("run", List.of("aws"), "a10g-24gb-x1", 1, terms, progress, cheaper);
  }

  private static Policy.Listing listing(String pool, List<Offer> offers) {
    return new Policy.Listing(pool, 2, offers, Optional.empty());
  }

  private static List<String> names(Offer offer) {
    return offer.places().stream().map(place -> place.type() + " " + place.zone()).toList();
  }

  private static List<Offer> gcp() {
    return List.of(offer("gcp", Market.SPOT, "g2-standard-4", "europe-west4-a", 0.9));
  }

  private static Offer offer(String pool, Market market, String type, String zone, double price) {
    var place = new Place(type, zone, price);
    return new Offer(pool, "a10g-24gb-x1", price, "", market, List.of(place));
  }

  private static CapacityProgress progress(
      double hours, int percent, double trainedHours, int preemptions) {
    return new CapacityProgress(
        0, (long) (hours * HOUR), percent * 10, 1_000, trainedHours * 3600, preemptions, 0);
  }

  private static CapacityTerms terms(Market market, Optional<Duration> deadline) {
    return new CapacityTerms(
        market,
        3,
        deadline,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Duration.ofMinutes(15),
        Duration.ofSeconds(30));
  }

  private static CapacityTerms waitingFor(Duration spot) {
    var usual = terms(Market.SPOT, Optional.empty());
    return new CapacityTerms(
        Market.SPOT,
        3,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(spot),
        Optional.empty(),
        usual.lease(),
        usual.stop());
  }
}
