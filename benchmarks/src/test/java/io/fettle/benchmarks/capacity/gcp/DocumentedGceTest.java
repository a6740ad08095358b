package io.fettle.benchmarks.capacity.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.benchmarks.capacity.gcp.GceProject.Times;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A test for each line of {@link GceFact}, seen as the product sees it. */
class DocumentedGceTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final String RUN = "Support triage, 3rd try";

  private Gce gce;
  private Cloud cloud;

  @BeforeEach
  void start() throws IOException {
    begin(Times.NONE);
  }

  private void begin(Times times) throws IOException {
    if (gce != null) {
      gce.close();
    }
    gce = new Gce(times);
    cloud = gce.cloud();
  }

  @AfterEach
  void stop() {
    gce.close();
  }

  private Machine launch(String token) throws IOException {
    return launch(token, Market.SPOT, "z-a");
  }

  private Machine launch(String token, Market market, String zone) throws IOException {
    return cloud.launch(Gce.intent(cloud, market, zone, RUN, token));
  }

  private Refusal refusal(String token) {
    return catchThrowableOfType(Refusal.class, () -> launch(token));
  }

  private ObjectNode only() {
    assertThat(gce.server.machines()).hasSize(1);
    return gce.server.machines().iterator().next();
  }

  private static ObjectNode json(String text) throws IOException {
    return (ObjectNode) new ObjectMapper().readTree(text);
  }

  @Test
  void every_fact_has_a_test() {
    var tests =
        Arrays.stream(DocumentedGceTest.class.getDeclaredMethods()).map(Method::getName).toList();

    assertThat(GceFact.values())
        .allSatisfy(
            fact ->
                assertThat(tests)
                    .as("%s", fact)
                    .anyMatch(name -> name.startsWith(fact.testName())));
  }

  @Test
  void operation_first_and_its_machine_is_found_by_the_next_try() throws IOException {
    begin(new Times(Duration.ofSeconds(30), MINUTE, Duration.ZERO));

    assertThatThrownBy(() -> launch("t"))
        .isNotInstanceOf(Refusal.class)
        .hasMessageContaining("is not done yet");
    assertThat(cloud.machines("t").getFirst().state()).isEqualTo(HostState.PENDING);
    gce.pass(MINUTE);
    assertThat(launch("t").state()).isEqualTo(HostState.RUNNING);
    assertThat(only().path("status").asText()).isEqualTo("RUNNING");
  }

  @Test
  void request_id_of_an_earlier_insert_makes_nothing() throws IOException {
    var first = launch("t");

    assertThat(launch("t")).isEqualTo(first);
    assertThat(launch("t-2").id()).isNotEqualTo(first.id());
    assertThat(gce.server.machines()).hasSize(2);
    assertThat(gce.server.calls(GceCall.INSERT))
        .extracting(call -> call.query().get("requestId"))
        .satisfies(ids -> assertThat(ids.get(0)).isEqualTo(ids.get(1)).isNotEqualTo(ids.get(2)));
  }

  @Test
  void name_taken_by_a_machine_of_the_token_is_that_machine() throws IOException {
    var name = name(launch("t"));
    begin(Times.NONE); // it has forgotten the request
    gce.server.make(
        "z-a",
        "fettle",
        json(
            """
            {"name": "%s", "machineType": "zones/z-a/machineTypes/g2-standard-8", "labels":
             {"fettle-owner": "me", "fettle-pool": "gcp", "fettle-acquisition": "t", "fettle-run": "run-1"}}"""
                .formatted(name)));

    assertThat(launch("t").id()).isEqualTo("z-a/" + name);
    assertThat(gce.server.machines()).hasSize(1);
  }

  @Test
  void name_taken_by_others_is_refused_and_theirs_left_alone() throws IOException {
    var name = name(launch("t"));
    begin(Times.NONE);
    gce.server.make("z-a", "fettle", json("{\"name\": \"%s\"}".formatted(name)));

    assertThat(refusal("t").sentence()).contains(name, "is not this pool's");
    assertThat(cloud.machines()).isEmpty();
    assertThat(gce.server.machines()).hasSize(1);
  }

  private static String name(Machine machine) {
    return machine.id().substring(machine.id().indexOf('/') + 1);
  }

  @Test
  void stockout_in_the_operation_is_told_by_its_code() {
    gce.server.isEmpty("z-a", GceCode.POOL_EXHAUSTED_WITH_DETAILS);

    var refusal = refusal("t");

    assertThat(refusal.kind()).isEqualTo(Kind.STOCKOUT);
    assertThat(refusal.code()).isEqualTo("ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS");
    assertThat(refusal.places()).extracting(place -> place.zone()).containsExactly("z-a");
    assertThat(gce.server.machines()).isEmpty();
    gce.server.isFull();
    assertThat(refusal("t").kind()).as("the token is spent").isEqualTo(Kind.STOCKOUT);
  }

  @Test
  void rate_limit_makes_nothing_and_the_token_may_come_again() throws IOException {
    gce.server.refusesNext(GceCall.INSERT, GceCode.RATE);

    assertThat(refusal("t").kind()).isEqualTo(Kind.THROTTLE);
    assertThat(gce.server.calls(GceCall.INSERT)).hasSize(1);
    assertThat(launch("t").mayCost()).isTrue();
  }

  @Test
  void wait_is_best_effort_and_one_that_hangs_is_left() throws IOException {
    begin(new Times(MINUTE, MINUTE, Duration.ZERO));
    gce.server.hangs();

    assertThatThrownBy(() -> launch("t"))
        .isNotInstanceOf(Refusal.class)
        .hasMessageContaining("is not done yet");
    assertThat(gce.server.calls(GceCall.WAIT)).hasSize(1);
    assertThat(cloud.machines("t")).hasSize(1);
  }

  @Test
  void reply_lost_is_no_refusal_and_the_next_try_gets_the_machine() throws IOException {
    gce.server.losesNextReply(GceCall.INSERT);

    assertThatThrownBy(() -> launch("t")).isNotInstanceOf(Refusal.class);
    assertThat(gce.server.calls(GceCall.INSERT)).as("sent once").hasSize(1);
    var machine = launch("t");
    assertThat(gce.server.machines()).hasSize(1);
    assertThat(cloud.machines("t")).containsExactly(machine);
  }

  @Test
  void template_is_merged_and_keeps_what_is_its_own() throws IOException {
    launch("t", Market.SPOT, "z-c");

    var machine = only();
    assertThat(machine.path("labels").path("team").asText()).isEqualTo("ml");
    assertThat(machine.path("machineType").asText()).endsWith("zones/z-c/machineTypes/" + Gce.TYPE);
    assertThat(machine.path("scheduling").path("maxRunDuration").path("seconds").asText())
        .isEqualTo("604800");
    assertThat(machine.path("networkInterfaces").path(0))
        .isEqualTo(
            json("{\"nicType\": \"GVNIC\", \"subnetwork\": \"regions/z/subnetworks/gpus\"}"));
    assertThat(machine.path("metadata").path("items"))
        .contains(
            json("{\"key\": \"startup-script\", \"value\": \"#!/bin/sh\"}"),
            json("{\"key\": \"fettle-run\", \"value\": \"%s\"}".formatted(RUN)),
            json("{\"key\": \"fettle-acquisition\", \"value\": \"t\"}"),
            json("{\"key\": \"fettle-shape\", \"value\": \"%s\"}".formatted(Gce.SHAPE)),
            json("{\"key\": \"fettle-pool\", \"value\": \"gcp\"}"),
            json("{\"key\": \"fettle-expiry\", \"value\": \"PT15M\"}"),
            json("{\"key\": \"fettle-grace\", \"value\": \"PT3M30S\"}"))
        .hasSize(8);
  }

  @Test
  void template_is_missing_and_the_sentence_names_it() {
    cloud = gce.cloud("me", "regions-less");

    assertThat(refusal("t"))
        .returns(Kind.TEMPLATE, Refusal::kind)
        .hasMessageContaining("correct the instance template regions-less");
  }

  @Test
  void template_is_missing_while_it_is_replaced_and_the_launch_takes_the_new_one()
      throws IOException {
    launch("t-1");
    gce.server.keepTemplate("fettle", json("{\"labels\": {\"team\": \"new\"}}"));
    gce.server.hidesTemplates(GceCall.TEMPLATE, 1);
    gce.server.hidesTemplates(GceCall.INSERT, 1);

    launch("t-2");

    assertThat(gce.server.calls(GceCall.INSERT)).as("one each, one refused").hasSize(3);
    assertThat(gce.server.machines())
        .extracting(machine -> machine.path("labels").path("team").asText())
        .containsExactlyInAnyOrder("ml", "new");
  }

  @Test
  void template_is_replaced_and_the_next_launch_says_nothing_of_the_old_one() throws IOException {
    launch("t-1");
    cloud.terminate(cloud.machines("t-1").getFirst());
    gce.server.keepTemplate("fettle", json("{}"));

    launch("t-2");

    assertThat(only().path("metadata").path("items"))
        .doesNotContain(json("{\"key\": \"startup-script\", \"value\": \"#!/bin/sh\"}"));
  }

  @Test
  void type_is_not_offered_in_one_zone_and_is_in_another() throws IOException {
    gce.server.doesNotOffer("z-a", Gce.TYPE);

    assertThat(refusal("t"))
        .returns(Kind.UNSUPPORTED, Refusal::kind)
        .hasMessageContaining("take the machine type or the zone out of the pool");
    assertThat(launch("t-2", Market.SPOT, "z-b").place().zone()).isEqualTo("z-b");
  }

  @Test
  void labels_are_checked_and_a_run_of_any_name_is_launched() throws IOException {
    var machine = launch("t");

    assertThat(machine.run()).isEqualTo(RUN);
    assertThat(machine.token()).isEqualTo("t");
    assertThat(only().path("labels").path("fettle-run").asText()).startsWith("hash-");
  }

  @Test
  void spot_does_not_restart_and_on_demand_is_no_spot() throws IOException {
    launch("t");
    assertThat(only().path("scheduling"))
        .isEqualTo(
            json(
                """
                {"provisioningModel": "SPOT", "preemptible": true, "automaticRestart": false, "onHostMaintenance":
                 "TERMINATE", "instanceTerminationAction": "DELETE", "maxRunDuration": {"seconds": "604800"}}"""));
    cloud.terminate(cloud.machines("t").getFirst());

    var machine = launch("t-2", Market.ON_DEMAND, "z-a");
    assertThat(machine.place().dollarsPerHour()).isEqualTo(-1);
    assertThat(only().path("scheduling"))
        .isEqualTo(
            json(
                """
                {"provisioningModel": "STANDARD", "preemptible": false, "automaticRestart": false, "onHostMaintenance":
                 "TERMINATE", "instanceTerminationAction": "DELETE", "maxRunDuration": {"seconds": "604800"}}"""));
  }

  @Test
  void preemption_deletes_it_and_its_operation_says_so() throws IOException {
    var machine = launch("t");
    gce.server.preempt(machine.id());

    assertThat(gce.server.machines()).isEmpty();
    assertThat(cloud.machines("t"))
        .singleElement()
        .returns(HostState.TERMINATED, Machine::state)
        .returns("compute.instances.preempted: Instance was preempted.", Machine::detail);
    assertThat(launch("t")).as("its token").returns(false, Machine::mayCost);
    assertThat(gce.server.machines()).isEmpty();
  }

  @Test
  void stopped_remains_until_the_next_look_of_the_reconciler() throws IOException {
    var machine = launch("t");
    gce.server.stop(machine.id());

    assertThat(cloud.machines("t").getFirst())
        .returns(HostState.TERMINATED, Machine::state)
        .returns("compute.instances.guestTerminate", Machine::detail);
    assertThat(gce.server.machines()).hasSize(1);
    assertThat(cloud.machines()).singleElement().returns(false, Machine::mayCost);
    assertThat(gce.server.machines()).isEmpty();
  }

  @Test
  void filters_leave_out_what_is_of_others() throws IOException {
    launch("t");
    var theirs = gce.cloud("them", "fettle");
    theirs.launch(Gce.intent(theirs, Market.SPOT, "z-a", RUN, "t"));
    gce.server.make("z-b", "fettle", json("{\"name\": \"somebodys\"}"));

    assertThat(gce.server.machines()).hasSize(3);
    assertThat(cloud.machines()).hasSize(1);
    assertThat(theirs.machines("t")).hasSize(1).doesNotContainAnyElementsOf(cloud.machines("t"));
    assertThat(gce.server.calls(GceCall.LIST).getFirst().query().get("filter"))
        .isEqualTo("(labels.fettle-owner = \"me\") (labels.fettle-pool = \"gcp\")");
  }

  @Test
  void pages_are_all_read() throws IOException {
    for (int i = 0; i < 12; i++) {
      launch("t-" + i, Market.SPOT, Gce.ZONES.get(i % 3));
    }
    gce.server.pagesBy(5);

    assertThat(cloud.machines()).extracting(Machine::token).doesNotHaveDuplicates().hasSize(12);
    assertThat(gce.server.calls(GceCall.LIST)).hasSize(3);
  }

  @Test
  void pages_of_what_was_done_to_a_machine_are_all_read() throws IOException {
    var machine = launch("t");
    gce.server.preempt(machine.id()); // its second operation
    gce.server.pagesBy(1);

    assertThat(cloud.machine(machine.id()).orElseThrow().detail())
        .startsWith("compute.instances.preempted");
  }

  @Test
  void unreachable_zone_makes_the_list_fail() throws IOException {
    launch("t");
    gce.server.doesNotReach("z-a");

    assertThatThrownBy(() -> cloud.machines("t"))
        .isNotInstanceOf(Refusal.class)
        .hasMessageContaining("does not reach zones/z-a");
    assertThatThrownBy(() -> cloud.machines()).hasMessageContaining("z-a");
  }

  @Test
  void lists_lag_behind_a_launch() throws IOException {
    begin(new Times(Duration.ZERO, Duration.ZERO, MINUTE));
    var machine = launch("t");

    assertThat(machine.mayCost()).isTrue();
    assertThat(cloud.machines()).isEmpty();
    gce.pass(MINUTE);
    assertThat(cloud.machines()).containsExactly(machine);
  }

  @Test
  void delete_of_the_gone_is_no_error() throws IOException {
    var machine = launch("t");
    cloud.terminate(machine);
    cloud.terminate(machine);

    assertThat(cloud.machines()).isEmpty();
    assertThat(gce.server.calls(GceCall.DELETE)).hasSize(2);
    gce.server.refusesNext(GceCall.DELETE, GceCode.FORBIDDEN);
    assertThatThrownBy(() -> cloud.terminate(machine))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(Kind.PERMISSION));
  }

  @Test
  void each_market_and_zone_is_an_offer_of_one_place() throws IOException {
    assertThat(cloud.offers(Gce.SHAPE))
        .hasSize(6)
        .allMatch(offer -> offer.places().size() == 1)
        .filteredOn(offer -> offer.market() == Market.SPOT)
        .allMatch(offer -> offer.dollarsPerHour() == 0.3);
    assertThat(cloud.offers("h100-80gb-x8")).isEmpty();
    assertThat(cloud.placesAtOnce()).isEqualTo(1);
  }
}
