package io.fettle.activities.capacity.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.activities.capacity.aws.Ec2Options.Reserved;
import io.fettle.activities.capacity.policy.Answer;
import io.fettle.activities.capacity.policy.Policy;
import io.fettle.activities.capacity.policy.Purse;
import io.fettle.workflows.capacity.CapacityProgress;
import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the policy makes of a fleet's errors, where three zones say different things. */
class FleetErrorsTest {
  private static final Instant NOW = Instant.parse("2026-11-28T10:00:00Z");
  private static final String SHAPE = "a10g-24gb-x1";
  private static final String STOCKOUT = "InsufficientInstanceCapacity";
  private static final String LEFT_OVER = "UnfulfillableCapacity";

  private static final CapacityTerms TERMS =
      new CapacityTerms(
          Market.ON_DEMAND,
          3,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Duration.ofMinutes(15),
          Duration.ofMinutes(5));

  private final Policy policy = new Policy(Policy.CHANGEOVER);
  private FakeEc2 ec2;
  private Ec2Cloud cloud;

  @BeforeEach
  void start() throws IOException {
    System.setProperty("aws.accessKeyId", "key");
    System.setProperty("aws.secretAccessKey", "secret");
    ec2 = new FakeEc2();
    var zones = new LinkedHashMap<String, String>();
    List.of("a", "b", "c").forEach(zone -> zones.put(zone, ""));
    cloud =
        new Ec2Cloud(
            new Ec2Options(
                "aws",
                "me",
                "eu-west-1",
                Optional.of(ec2.address()),
                "fettle",
                zones,
                List.of(Market.ON_DEMAND),
                Map.of(SHAPE, List.of("g5.xlarge")),
                Map.of("g5.xlarge", Map.of(Market.ON_DEMAND, 1.0)),
                Reserved.ANY_OPEN),
            () -> NOW);
  }

  @AfterEach
  void stop() {
    ec2.close();
  }

  @Test
  void two_empty_zones_are_waited_for_though_the_third_never_has_the_type() {
    refused(Map.of("a", STOCKOUT, "b", STOCKOUT, "c", "InvalidFleetConfiguration"));
    refused(Map.of("c", "InvalidFleetConfiguration")); // asked alone, for it was not shunned

    assertThat(answer(NOW))
        .isInstanceOfSatisfying(
            Answer.Wait.class, wait -> assertThat(wait.after()).isEqualTo(Duration.ofMinutes(5)));
    assertThat(zones(offer(NOW.plus(Duration.ofMinutes(6))))).containsExactly("a", "b");
  }

  @Test
  void a_zone_that_a_fleet_did_not_come_to_is_asked_next() {
    var first = refused(Map.of("a", STOCKOUT, "b", LEFT_OVER, "c", LEFT_OVER));
    var second = refused(Map.of("b", "ZoneIsOnHoliday", "c", LEFT_OVER));

    assertThat(first.places()).extracting(Place::zone).containsExactly("a");
    assertThat(first.sentence()).contains("besides", "g5.xlarge in c: UnfulfillableCapacity");
    assertThat(second.kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(zones(offer(NOW))).containsExactly("c");
  }

  @Test
  void where_no_zone_says_more_than_that_nothing_was_filled_all_are_empty() {
    var refusal = refused(Map.of("a", LEFT_OVER, "b", LEFT_OVER, "c", LEFT_OVER));

    assertThat(refusal.kind()).isEqualTo(Kind.STOCKOUT);
    assertThat(refusal.places()).hasSize(3);
    assertThat(answer(NOW)).isInstanceOf(Answer.Wait.class);
  }

  @Test
  void a_quota_is_learned_although_the_other_zones_were_not_come_to() {
    var refusal = refused(Map.of("a", "VcpuLimitExceeded", "b", LEFT_OVER, "c", LEFT_OVER));

    assertThat(refusal.kind()).isEqualTo(Kind.QUOTA);
    assertThat(answer(NOW))
        .isInstanceOfSatisfying(
            Answer.Wait.class, wait -> assertThat(wait.why()).contains("Service Quotas"));
  }

  @Test
  void a_template_that_is_wrong_is_told_at_once() {
    refused(Map.of("a", "InvalidParameterValue", "b", LEFT_OVER, "c", LEFT_OVER));

    assertThat(answer(NOW)).isInstanceOf(Answer.Refused.class);
  }

  /** Asks for what the policy would, and has it learn from the no. */
  private Refusal refused(Map<String, String> codes) {
    var offer = offer(NOW);
    assertThat(zones(offer)).containsExactlyInAnyOrderElementsOf(codes.keySet());
    var errors = new StringBuilder();
    codes.forEach((zone, code) -> errors.append(error(zone, code)));
    ec2.says("CreateFleet", "<fleetId>f</fleetId><errorSet>" + errors + "</errorSet>");
    var intent = new Intent("t", "me", new Execution("ns", "run", "x"), offer, TERMS);
    var refusal = catchThrowableOfType(Refusal.class, () -> cloud.launch(intent));
    policy.refused(offer, "x", refusal, NOW);
    return refusal;
  }

  private static String error(String zone, String code) {
    return """
    <item><errorCode>%s</errorCode><errorMessage>words</errorMessage><launchTemplateAndOverrides><overrides>
    <instanceType>g5.xlarge</instanceType><availabilityZone>%s</availabilityZone></overrides></launchTemplateAndOverrides></item>"""
        .formatted(code, zone);
  }

  private Offer offer(Instant now) {
    var answer = answer(now);
    assertThat(answer).isInstanceOf(Answer.Chosen.class);
    return ((Answer.Chosen) answer).offer();
  }

  private Answer answer(Instant now) {
    var request =
        new CapacityRequest(
            "run",
            List.of("aws"),
            SHAPE,
            1,
            TERMS,
            new CapacityProgress(0, 0, 0, 1_000, 0, 0, 0),
            false);
    var listing =
        new Policy.Listing("aws", cloud.placesAtOnce(), cloud.offers(SHAPE), Optional.empty());
    return policy.choose(new Policy.Asked(request, "x", List.of(listing), Purse.OPEN), now);
  }

  private static List<String> zones(Offer offer) {
    return offer.places().stream().map(Place::zone).toList();
  }
}
