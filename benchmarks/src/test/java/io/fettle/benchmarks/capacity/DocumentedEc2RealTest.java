package io.fettle.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.activities.catalogue.Catalogue;
import io.fettle.activities.catalogue.Refresh;
import io.fettle.benchmarks.capacity.Launches.Times;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A test for each line of {@link Ec2Fact}, seen as the product sees it. */
@Tag("real")
class DocumentedEc2RealTest {
  private static final Duration LAG = Duration.ofSeconds(60);
  private static final Duration PENDING = Duration.ofSeconds(90);

  private Ec2Account account;
  private VirtualClock clock;
  private DocumentedEc2 ec2;
  private Cloud cloud;

  @BeforeEach
  void start() throws IOException {
    account = Moto.account();
    clock = new VirtualClock();
    ec2 = new DocumentedEc2(account, clock, new Times(LAG, PENDING));
    cloud = Pools.cloud("me", ec2.address(), account.zones());
  }

  @AfterEach
  void stop() {
    ec2.close();
    account.close();
  }

  private Machine launch(String token) throws IOException {
    return cloud.launch(intent(token, Market.SPOT));
  }

  private Intent intent(String token, Market market) throws IOException {
    var offer = Pools.offer(cloud, market);
    return new Intent(token, "me", Pools.by("run-1"), offer, CapacityTerms.NONE);
  }

  private Machine listed(String token) throws IOException {
    return cloud.machines(token).getFirst();
  }

  @Test
  void every_fact_has_a_test() {
    var tests =
        Arrays.stream(DocumentedEc2RealTest.class.getDeclaredMethods())
            .map(Method::getName)
            .toList();

    assertThat(Ec2Fact.values())
        .allSatisfy(
            fact ->
                assertThat(tests)
                    .as("%s", fact)
                    .anyMatch(name -> name.startsWith(fact.testName())));
  }

  @Test
  void token_idempotency_launches_nothing_more() throws IOException {
    var first = launch("t");
    clock.pass(Duration.ofMinutes(5));

    assertThat(launch("t").id()).isEqualTo(first.id());
    assertThat(launch("t-2").id()).isNotEqualTo(first.id());
    assertThat(account.instances()).hasSize(2);
  }

  @Test
  void token_of_the_dead_gives_the_dead() throws IOException {
    var first = launch("t");
    clock.pass(LAG);
    cloud.terminate(first);
    clock.pass(Duration.ofHours(2));

    var again = launch("t");

    assertThat(again.id()).isEqualTo(first.id());
    assertThat(again.mayCost()).isFalse();
  }

  @Test
  void parameter_mismatch_ends_the_token() throws IOException {
    launch("t");

    assertThatThrownBy(() -> cloud.launch(intent("t", Market.ON_DEMAND)))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.code()).isEqualTo("IdempotentParameterMismatch");
              assertThat(refusal.kind()).isEqualTo(Kind.ENDED);
            });
  }

  @Test
  void lists_lag_behind_a_launch() throws IOException {
    var machine = launch("t");

    assertThat(machine.state()).isEqualTo(HostState.PENDING);
    assertThat(machine.place().zone()).isIn(account.zones().keySet());
    assertThat(cloud.machines()).isEmpty();
    clock.pass(LAG);
    assertThat(cloud.machines()).extracting(Machine::id).containsExactly(machine.id());
    assertThat(listed("t").place()).isEqualTo(machine.place());
    assertThat(listed("t").run()).isEqualTo("run-1");
  }

  @Test
  void ending_too_early_ends_nothing() throws IOException {
    var machine = launch("t");

    cloud.terminate(machine);

    assertThat(account.living("fettle-owner", "me")).isEqualTo(1);
    clock.pass(LAG);
    cloud.terminate(machine);
    assertThat(account.living("fettle-owner", "me")).isZero();
  }

  @Test
  void reply_lost_is_no_refusal_and_the_next_try_gets_the_machine() throws IOException {
    ec2.losesNextReply("CreateFleet");

    assertThatThrownBy(() -> launch("t")).isNotInstanceOf(Refusal.class);
    assertThat(account.instances()).hasSize(1);
    assertThat(launch("t").id()).isEqualTo(account.instances().getFirst().instanceId());
  }

  @Test
  void pending_first_then_running() throws IOException {
    launch("t");
    clock.pass(LAG);

    assertThat(listed("t").state()).isEqualTo(HostState.PENDING);
    clock.pass(PENDING);
    assertThat(listed("t").state()).isEqualTo(HostState.RUNNING);
  }

  @Test
  void errors_in_the_reply_name_each_zone() {
    account.zones().values().forEach(subnet -> ec2.isEmpty(subnet, Ec2Code.UNFULFILLABLE_CAPACITY));

    assertThatThrownBy(() -> launch("t"))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.kind()).isEqualTo(Kind.STOCKOUT);
              assertThat(refusal.places()).hasSize(3);
            });
  }

  @Test
  void empty_is_a_server_error_and_asked_once() {
    ec2.refusesNext("CreateFleet", Ec2Code.INSUFFICIENT_INSTANCE_CAPACITY);

    assertThatThrownBy(() -> launch("t"))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(Kind.STOCKOUT));
    assertThat(ec2.calls("CreateFleet")).hasSize(1);
  }

  @Test
  void reserved_or_nothing_is_launched() throws IOException {
    var subnet = account.zones().values().iterator().next();
    ec2.reserves(subnet, 1);

    cloud.launch(intent("t", Market.RESERVED));
    clock.pass(LAG);

    assertThat(listed("t").place().dollarsPerHour()).as("it is paid for already").isZero();
    assertThatThrownBy(() -> cloud.launch(intent("t-2", Market.RESERVED)))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(Kind.STOCKOUT))
        .hasMessageContaining("nothing is bought");
    assertThat(account.instances()).hasSize(1);
  }

  @Test
  void interruption_ends_it_with_its_reason() throws IOException {
    var machine = launch("t");
    clock.pass(PENDING);
    ec2.interrupt(machine.id());

    assertThat(listed("t").state()).isEqualTo(HostState.TERMINATED);
    assertThat(listed("t").detail()).startsWith("Server.SpotInstanceTermination");
  }

  @Test
  void spot_prices_are_those_of_each_zone() throws IOException {
    var zones = List.copyOf(account.zones().keySet());
    ec2.spotCosts(zones.get(1), 0.25);

    assertThat(todaysPrices(cloud))
        .containsEntry(zones.get(0), Ec2Account.SPOT)
        .containsEntry(zones.get(1), 0.25);
  }

  private static Map<String, Double> todaysPrices(Cloud cloud) throws IOException {
    return cloud.offers(Ec2Account.SHAPE).stream()
        .filter(offer -> offer.market() == Market.SPOT)
        .collect(
            Collectors.toMap(offer -> offer.places().getFirst().zone(), Offer::dollarsPerHour));
  }

  @Test
  void motos_own_price_history_is_read() throws IOException {
    var plain = Pools.cloud("me", account.moto(), account.zones());

    assertThat(todaysPrices(plain).values())
        .hasSize(3)
        .allMatch(dollars -> dollars > 0 && dollars < 0.001);
  }

  @Test
  void the_catalogues_machines_are_those_that_ec2_describes() throws IOException {
    var known = Catalogue.shipped();
    var types =
        Capacity.ec2Types(
            "eu-west-1", Optional.of(account.moto()), Instant.parse("2026-11-28T10:00:00Z"));

    var outcome =
        Refresh.described(
            known,
            types,
            new Refresh.Request("aws", "eu-west-1", "EC2", LocalDate.of(2026, 11, 28)));

    assertThat(outcome.changed()).hasSizeGreaterThan(40);
    assertThat(outcome.skipped()).anyMatch(line -> line.startsWith("g6f.large: has a share"));
    for (var now : outcome.changed()) {
      var shipped = known.machine("aws", now.type()).orElseThrow();
      assertThat(now)
          .usingRecursiveComparison()
          .ignoringFields("spotDollars", "asOf", "source")
          .isEqualTo(shipped);
    }
    assertThat(outcome.changed()).as("Moto prices some").anyMatch(each -> each.spotDollars() > 0);
  }

  @Test
  void pages_are_all_read() throws IOException {
    for (int i = 0; i < 12; i++) {
      launch("t-" + i);
    }
    clock.pass(LAG);
    ec2.pagesBy(5);

    assertThat(cloud.machines()).hasSize(12);
    assertThat(ec2.calls("DescribeInstances"))
        .filteredOn(call -> !call.form().field("NextToken").isEmpty())
        .hasSize(2);
  }

  @Test
  void a_machine_that_a_person_ended_says_so() throws IOException {
    var machine = launch("t");
    clock.pass(LAG);
    account.end(machine.id());

    assertThat(List.of(listed("t")))
        .allMatch(ended -> ended.detail().startsWith("Client.UserInitiatedShutdown"));
  }
}
