package io.fettle.activities.capacity.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.activities.capacity.aws.Ec2Options.Reserved;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class Ec2CloudTest {
  private static final String SHAPE = "a10g-24gb-x1";
  private static final Place A = new Place("g5.xlarge", "eu-west-1a", 0.4);
  private static final Place B = new Place("g5.xlarge", "eu-west-1b", 0.4);

  private FakeEc2 ec2;
  private Ec2Cloud cloud;

  @BeforeEach
  void start() throws IOException {
    System.setProperty("aws.accessKeyId", "key");
    System.setProperty("aws.secretAccessKey", "secret");
    ec2 = new FakeEc2();
    cloud =
        new Ec2Cloud(options(ec2, Reserved.ANY_OPEN), () -> Instant.parse("2026-11-28T10:00:00Z"));
  }

  @AfterEach
  void stop() {
    ec2.close();
  }

  private static Ec2Options options(FakeEc2 ec2, Reserved reserved) {
    return new Ec2Options(
        "aws",
        "me",
        "eu-west-1",
        Optional.of(ec2.address()),
        "fettle-agent",
        Map.of("eu-west-1a", "subnet-a", "eu-west-1b", ""),
        List.of(Market.SPOT, Market.ON_DEMAND),
        Map.of(SHAPE, List.of("g5.xlarge")),
        Map.of("g5.xlarge", Map.of(Market.SPOT, 0.4, Market.RESERVED, 0.1)),
        reserved);
  }

  private static Intent intent(Market market) {
    var offer = new Offer("aws", SHAPE, 0.4, "cheap", market, List.of(A, B));
    return new Intent("t-1", "me", new Execution("ns", "run-1", "x"), offer, CapacityTerms.NONE);
  }

  private static String instance(String id, String state, String reason) {
    return instance(id, state, reason, "me");
  }

  private static String instance(String id, String state, String reason, String owner) {
    return """
    <item><instancesSet><item><instanceId>%s</instanceId><instanceState><name>%s</name></instanceState>
    <instanceType>g5.xlarge</instanceType><instanceLifecycle>spot</instanceLifecycle>
    <placement><availabilityZone>eu-west-1a</availabilityZone></placement>%s
    <tagSet><item><key>fettle-owner</key><value>%s</value></item><item><key>fettle-pool</key><value>aws</value></item>
    <item><key>fettle-run</key><value>run-1</value></item>
    <item><key>fettle-acquisition</key><value>t-1</value></item></tagSet></item></instancesSet></item>"""
        .formatted(id, state, reason, owner);
  }

  private static String set(String... reservations) {
    return "<reservationSet>" + String.join("", reservations) + "</reservationSet>";
  }

  private static String launched(String id) {
    return """
    <fleetId>fleet-1</fleetId><errorSet/><fleetInstanceSet><item><instanceIds><item>%s</item></instanceIds>
    <instanceType>g5.xlarge</instanceType><lifecycle>spot</lifecycle><launchTemplateAndOverrides><overrides>
    <subnetId>subnet-a</subnetId><instanceType>g5.xlarge</instanceType></overrides></launchTemplateAndOverrides>
    </item></fleetInstanceSet>"""
        .formatted(id);
  }

  private static String error(String code, String override) {
    return """
    <item><errorCode>%s</errorCode><errorMessage>words</errorMessage><launchTemplateAndOverrides><overrides>
    <instanceType>g5.xlarge</instanceType>%s</overrides></launchTemplateAndOverrides></item>"""
        .formatted(code, override);
  }

  private static final String IN_A = "<subnetId>subnet-a</subnetId>";
  private static final String IN_B = "<availabilityZone>eu-west-1b</availabilityZone>";

  private Refusal refusalOf(String errors) {
    ec2.says("CreateFleet", "<fleetId>f</fleetId><errorSet>" + errors + "</errorSet>");
    return refusal();
  }

  private Refusal refusal() {
    return catchThrowableOfType(Refusal.class, () -> cloud.launch(intent(Market.SPOT)));
  }

  @Test
  void each_market_type_and_zone_is_an_offer() {
    var offers = cloud.offers(SHAPE);

    assertThat(offers).hasSize(4).allMatch(offer -> offer.places().size() == 1);
    assertThat(offers)
        .filteredOn(offer -> offer.market() == Market.SPOT)
        .extracting(offer -> offer.places().getFirst())
        .containsExactlyInAnyOrder(A, B);
    assertThat(offers)
        .filteredOn(offer -> offer.market() == Market.ON_DEMAND)
        .allMatch(offer -> offer.dollarsPerHour() == -1);
    assertThat(cloud.offers("h100-80gb-x8")).isEmpty();
  }

  @Test
  void a_spot_place_has_todays_price_where_ec2_tells_one() {
    ec2.says(
        "DescribeSpotPriceHistory",
        "<spotPriceHistorySet><item><instanceType>g5.xlarge</instanceType><spotPrice>0.310000</spotPrice>"
            + "<availabilityZone>eu-west-1a</availabilityZone></item></spotPriceHistorySet>");

    var offers = cloud.offers(SHAPE);
    cloud.offers(SHAPE);

    assertThat(offers)
        .filteredOn(offer -> offer.market() == Market.SPOT)
        .extracting(Offer::dollarsPerHour, offer -> offer.places().getFirst(), Offer::reason)
        .containsExactlyInAnyOrder(
            tuple(0.31, A, "EC2 says 0.3100, read 0 min ago"), tuple(0.4, B, ""));
    assertThat(ec2.asked()).as("not again for minutes").hasSize(1);
    assertThat(ec2.asked().getFirst())
        .containsEntry("InstanceType.1", "g5.xlarge")
        .containsEntry("ProductDescription.1", "Linux/UNIX")
        .containsEntry("StartTime", "2026-11-28T10:00:00Z")
        .containsEntry("EndTime", "2026-11-28T10:00:00Z");
  }

  @Test
  void a_spot_host_is_admitted_and_counted_at_the_dearer_of_todays_price_and_the_written_one()
      throws IOException {
    for (var today : List.of("0.310000", "0.520000")) {
      cloud = new Ec2Cloud(options(ec2, Reserved.ANY_OPEN));
      ec2.says(
          "DescribeSpotPriceHistory",
          "<spotPriceHistorySet><item><instanceType>g5.xlarge</instanceType><spotPrice>%s</spotPrice><availabilityZone>eu-west-1a</availabilityZone></item></spotPriceHistorySet>"
              .formatted(today));
      ec2.says("CreateFleet", launched("i-1"))
          .says("DescribeInstances", set(instance("i-1", "pending", "")));

      var offered =
          cloud.offers(SHAPE).stream()
              .filter(offer -> offer.market() == Market.SPOT)
              .map(offer -> offer.places().getFirst())
              .filter(place -> place.zone().equals("eu-west-1a"))
              .toList();
      assertThat(offered).containsExactly(cloud.launch(intent(Market.SPOT)).place());
      assertThat(offered.getFirst().dollarsPerHour())
          .isEqualTo(Math.max(0.4, Double.parseDouble(today)));
    }
  }

  @Test
  void a_spot_host_is_one_instant_fleet_over_all_places_with_its_marks() throws IOException {
    ec2.says("CreateFleet", launched("i-1"))
        .says("DescribeInstances", set(instance("i-1", "pending", "")));

    var machine = cloud.launch(intent(Market.SPOT));

    assertThat(machine.id()).isEqualTo("i-1");
    assertThat(machine.state()).isEqualTo(HostState.PENDING);
    assertThat(machine.place()).isEqualTo(A);
    assertThat(ec2.asked().getFirst())
        .containsEntry("Type", "instant")
        .containsEntry("ClientToken", "t-1")
        .containsEntry("SpotOptions.AllocationStrategy", "price-capacity-optimized")
        .containsEntry("SpotOptions.InstanceInterruptionBehavior", "terminate")
        .containsEntry("TargetCapacitySpecification.TotalTargetCapacity", "1")
        .containsEntry("TargetCapacitySpecification.DefaultTargetCapacityType", "spot")
        .containsEntry("LaunchTemplateConfigs.1.Overrides.1.SubnetId", "subnet-a")
        .containsEntry("LaunchTemplateConfigs.1.Overrides.2.AvailabilityZone", "eu-west-1b")
        .containsEntry("TagSpecification.1.ResourceType", "instance")
        .containsValues(
            "fettle-owner", "me", "fettle-run", "run-1", "fettle-acquisition", "PT15M", "PT3M30S");
  }

  @Test
  void a_repeat_is_the_same_to_the_letter() throws IOException {
    for (int i = 0; i < 2; i++) {
      ec2.says("CreateFleet", launched("i-1"))
          .says("DescribeInstances", set(instance("i-1", "running", "")));
      cloud.launch(intent(Market.ON_DEMAND));
    }

    assertThat(ec2.asked().get(2)).isEqualTo(ec2.asked().getFirst());
    assertThat(ec2.asked().getFirst())
        .containsEntry("OnDemandOptions.AllocationStrategy", "lowest-price");
  }

  @Test
  void a_reserved_host_is_a_fleet_of_reserved_capacity_that_falls_back_to_nothing()
      throws IOException {
    launchesReserved();

    assertThat(ec2.asked().getFirst())
        .containsEntry("TargetCapacitySpecification.DefaultTargetCapacityType", "reserved-capacity")
        .containsEntry(
            "ReservedCapacityOptions.ReservationType.1", "on-demand-capacity-reservation")
        .allSatisfy(
            (key, _) -> assertThat(key).doesNotContain("Fallback", "OnDemand", "Target.Cap"));
  }

  @Test
  void reservations_and_a_block_that_are_named_are_the_only_ones() throws IOException {
    cloud =
        new Ec2Cloud(options(ec2, new Reserved(List.of("cr-1", "cr-2"), Optional.of("cr-block"))));
    launchesReserved();
    cloud = new Ec2Cloud(options(ec2, new Reserved(List.of(), Optional.of("cr-block"))));
    launchesReserved();

    var target = "ReservedCapacityOptions.CapacityReservationTarget.CapacityReservationId.";
    assertThat(ec2.asked().getFirst())
        .containsEntry(
            "ReservedCapacityOptions.ReservationType.1", "on-demand-capacity-reservation")
        .containsEntry("ReservedCapacityOptions.ReservationType.2", "capacity-block")
        .containsEntry(target + 1, "cr-1")
        .containsEntry(target + 2, "cr-2")
        .containsEntry(target + 3, "cr-block");
    assertThat(ec2.asked().get(2))
        .containsEntry("ReservedCapacityOptions.ReservationType.1", "capacity-block")
        .containsEntry(target + 1, "cr-block")
        .doesNotContainKey(target + 2);
  }

  private void launchesReserved() throws IOException {
    ec2.says("CreateFleet", launched("i-1"))
        .says("DescribeInstances", set(instance("i-1", "running", "")));
    cloud.launch(intent(Market.RESERVED));
  }

  @Test
  void a_machine_in_a_reservation_costs_what_that_adds() throws IOException {
    ec2.says(
        "DescribeInstances",
        set(
            instance("i-1", "running", "<capacityReservationId>cr-1</capacityReservationId>")
                .replace("<instanceLifecycle>spot</instanceLifecycle>", "")));

    assertThat(cloud.machines().getFirst().place().dollarsPerHour()).isEqualTo(0.1);
  }

  @Test
  void a_full_reservation_is_no_room_and_says_that_nothing_is_bought() {
    ec2.says(
        "CreateFleet",
        "<fleetId>f</fleetId><errorSet>"
            + error("ReservationCapacityExceeded", IN_A)
            + "</errorSet>");

    var refusal = catchThrowableOfType(Refusal.class, () -> cloud.launch(intent(Market.RESERVED)));

    assertThat(refusal.kind()).isEqualTo(Kind.STOCKOUT);
    assertThat(refusal.sentence()).contains("no room", "nothing is bought");
  }

  @Test
  void a_host_that_is_not_listed_yet_is_pending_at_its_place() throws IOException {
    ec2.says("CreateFleet", launched("i-1"))
        .refuses(400, "InvalidInstanceID.NotFound", "The instance ID 'i-1' does not exist");

    var machine = cloud.launch(intent(Market.SPOT));

    assertThat(machine.state()).isEqualTo(HostState.PENDING);
    assertThat(machine.token()).isEqualTo("t-1");
    assertThat(machine.place()).isEqualTo(A);
  }

  @Test
  void a_token_whose_instance_is_dead_gives_it_dead() throws IOException {
    ec2.says("CreateFleet", launched("i-1"))
        .says(
            "DescribeInstances",
            set(
                instance(
                    "i-1",
                    "terminated",
                    "<stateReason><code>Server.SpotInstanceTermination</code><message>Server.SpotInstanceTermination: Spot instance termination</message></stateReason>")));

    var machine = cloud.launch(intent(Market.SPOT));

    assertThat(machine.mayCost()).isFalse();
    assertThat(machine.detail())
        .isEqualTo("Server.SpotInstanceTermination: Spot instance termination");
  }

  @Test
  void errors_of_a_fleet_name_their_places() {
    var refusal =
        refusalOf(error("InsufficientInstanceCapacity", IN_A) + error("Unsupported", IN_B));

    assertThat(refusal.kind()).isEqualTo(Kind.STOCKOUT);
    assertThat(refusal.code()).isEqualTo("InsufficientInstanceCapacity");
    assertThat(refusal.places()).containsExactly(A);
    assertThat(refusal.sentence()).contains("eu-west-1a", "eu-west-1b: Unsupported");
  }

  @Test
  void what_people_must_mend_is_told_when_nothing_else_is_left() {
    var refusal = refusalOf(error("InvalidParameterValue", IN_A) + error("Unsupported", IN_B));

    assertThat(refusal.kind()).isEqualTo(Kind.UNSUPPORTED);
    assertThat(refusal.places()).containsExactly(B);
  }

  @Test
  void a_throttle_inside_a_fleet_is_final_for_its_token() {
    assertThat(refusalOf(error("RequestLimitExceeded", IN_A)).kind()).isEqualTo(Kind.STOCKOUT);
    assertThat(refusalOf("").kind()).isEqualTo(Kind.STOCKOUT);
  }

  @Test
  void an_empty_pool_is_asked_once_although_it_is_a_server_error() {
    ec2.refuses(500, "InsufficientInstanceCapacity", "no capacity");

    assertThat(refusal().kind()).isEqualTo(Kind.STOCKOUT);
    assertThat(ec2.asked()).hasSize(1);
  }

  @Test
  void a_refused_call_tells_what_to_do() {
    ec2.refuses(400, "InvalidLaunchTemplateName.NotFoundException", "no such template")
        .refuses(403, "UnauthorizedOperation", "Encoded: " + "x".repeat(4_000))
        .refuses(400, "VcpuLimitExceeded", "0 vCPUs")
        .refuses(400, "IdempotentParameterMismatch", "another request");

    assertThat(refusal())
        .hasMessageContaining("fettle-agent")
        .returns(Kind.TEMPLATE, Refusal::kind);
    assertThat(refusal().sentence()).hasSizeLessThan(500).contains("role");
    assertThat(refusal().sentence()).contains("Service Quotas in eu-west-1");
    assertThat(refusal().kind()).isEqualTo(Kind.ENDED);
  }

  @Test
  void trouble_of_the_server_and_a_lost_answer_say_nothing_about_a_machine() {
    ec2.refuses(500, "InternalError", "sorry").breaksOff().refuses(503, "Unavailable", "later");

    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(() -> cloud.launch(intent(Market.SPOT)))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(Refusal.class);
    }
    assertThat(ec2.asked()).hasSize(3);
  }

  @Test
  void all_pages_are_read_and_nothing_of_others() throws IOException {
    ec2.says("DescribeInstances", set(instance("i-1", "stopped", "")) + "<nextToken>n</nextToken>")
        .says(
            "DescribeInstances",
            set(instance("i-2", "shutting-down", ""), instance("i-3", "running", "", "other")));

    var machines = cloud.machines();

    assertThat(machines).extracting(machine -> machine.id()).containsExactly("i-1", "i-2");
    assertThat(machines)
        .extracting(machine -> machine.state())
        .containsExactly(HostState.UNKNOWN, HostState.TERMINATED);
    assertThat(ec2.asked().getFirst())
        .containsValues("tag:fettle-owner", "me", "tag:fettle-pool", "aws");
    assertThat(ec2.asked().get(1)).containsEntry("NextToken", "n");
  }

  @Test
  void ending_what_is_gone_is_no_error() throws IOException {
    ec2.says("DescribeInstances", set(instance("i-1", "running", "")))
        .refuses(400, "InvalidInstanceID.NotFound", "gone")
        .refuses(403, "UnauthorizedOperation", "no");

    var machine = cloud.machines("t-1").getFirst();
    cloud.terminate(machine);

    assertThat(ec2.asked().getFirst()).containsValues("tag:fettle-acquisition", "t-1");
    assertThatThrownBy(() -> cloud.terminate(machine)).isInstanceOf(Refusal.class);
  }
}
