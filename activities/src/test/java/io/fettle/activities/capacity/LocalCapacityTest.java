package io.fettle.activities.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.HostClaim.Identity;
import io.fettle.activities.capacity.signal.PreemptionSignal;
import io.fettle.activities.capacity.signal.PreemptionSignal.Sign;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.CapacityActivities;
import io.fettle.workflows.capacity.CapacityProgress;
import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.wire.FailureType;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalCapacityTest {
  private static final Offer OFFER = Offer.owned("local", "cpu", "");

  @TempDir Path state;
  private CapacityActivities capacity;

  @BeforeEach
  void prepare() {
    capacity =
        new PoolActivities(
            List.of(Capacity.local(state, 2)),
            run -> new Execution("fettle", run, "execution"),
            Experience.unkept(InstantSource.system()),
            Purses.OPEN);
  }

  @Test
  void an_acquisition_makes_a_host_and_its_repeat_makes_no_second() {
    assertThat(acquire("t-1").providerId()).isEqualTo("local-1");
    assertThat(acquire("t-1").providerId()).isEqualTo("local-1");
    assertThat(state.resolve("pool/local-1.json")).content().contains("\"desired\" : \"running\"");
    assertThat(state.resolve("pool/local-2.json")).doesNotExist();
  }

  @Test
  void a_crash_between_intent_and_launch_is_made_good_by_the_repeat() throws IOException {
    acquire("t-1");
    Files.delete(state.resolve("pool/local-1.json"));

    acquire("t-1");

    assertThat(state.resolve("pool/local-1.json")).exists();
  }

  @Test
  void a_released_host_is_used_again() throws IOException {
    acquire("t-1");
    var agent = claimOf("local-1");
    agent.claim(new ClaimRequest("run", "t-1"), "workflow-run");
    release("t-1");
    agent.clear();

    assertThat(acquire("t-2").providerId()).isEqualTo("local-1");
  }

  @Test
  void a_host_that_was_given_up_is_waited_for_only_where_no_other_can_be_had() throws IOException {
    acquire("t-1");
    claimOf("local-1").claim(new ClaimRequest("run", "t-1"), "workflow-run");
    release("t-1");

    assertThat(acquire("t-2").providerId()).isEqualTo("local-2");
    assertThat(acquire("other", "t-3").providerId()).isEqualTo("local-1");
  }

  @Test
  void a_shape_of_more_cores_than_there_are_is_not_offered() {
    assertThat(choose("cpu-1").shape()).isEqualTo("cpu-1");

    assertThatThrownBy(() -> choose("cpu-999"))
        .isInstanceOf(ApplicationFailure.class)
        .hasMessageContaining("shape cpu-999");
  }

  @Test
  void an_idle_host_makes_room_for_another_shape_and_a_taken_one_does_not() throws IOException {
    acquire("t-1");
    acquire("other", "t-2");
    assertThatThrownBy(() -> choose("cpu-1")).hasMessageContaining("shape cpu-1");
    release("t-1");

    assertThat(choose("cpu-1").reason()).contains("host local-1 is idle and makes room");
    var offer = Offer.owned("local", "cpu-1", "");
    var made = capacity.acquire(new AcquireRequest("run", offer, "t-3", CapacityTerms.NONE));

    assertThat(made.providerId()).isEqualTo("local-3");
    assertThat(made.claimQueue()).endsWith("cpu-1");
    assertThat(state.resolve("pool/local-1.json")).content().contains("\"desired\" : \"stopped\"");
    assertThat(state.resolve("pool/local-2.json")).content().contains("\"desired\" : \"running\"");
  }

  private Offer choose(String shape) {
    return capacity.choose(
        new CapacityRequest(
            "run", List.of("local"), shape, 1, CapacityTerms.NONE, CapacityProgress.NONE, false));
  }

  @Test
  void a_full_pool_has_no_capacity() {
    acquire("t-1");
    acquire("other", "t-2");

    assertThatThrownBy(
            () ->
                capacity.choose(
                    new CapacityRequest(
                        "run",
                        List.of("local"),
                        "cpu",
                        3,
                        CapacityTerms.NONE,
                        CapacityProgress.NONE,
                        false)))
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> assertThat(failure.getType()).isEqualTo(FailureType.NO_CAPACITY.type()));
  }

  @Test
  void a_host_under_notice_is_not_offered_and_a_terminated_one_is_dead() throws IOException {
    acquire("t-1");
    release("t-1");
    notice("local-1");
    assertThat(acquire("t-2").providerId()).isEqualTo("local-2");
    assertThat(describe("local-1", "t-2")).isEqualTo(HostState.RUNNING);

    change("local-1", "\"terminated\" : false", "\"terminated\" : true");

    assertThat(describe("local-1", "t-2")).isEqualTo(HostState.TERMINATED);
  }

  @Test
  void a_claimed_host_refuses_another_acquisition_and_repeats_its_answer() throws IOException {
    acquire("t-1");
    acquire("other", "t-2");
    var claim = claimOf("local-1");
    var host = claim.claim(new ClaimRequest("run", "t-1"), "workflow-run");

    assertThat(claim.claim(new ClaimRequest("run", "t-1"), "workflow-run")).isEqualTo(host);
    assertThatThrownBy(() -> claim.claim(new ClaimRequest("other", "t-2"), "workflow-run"))
        .isInstanceOf(ApplicationFailure.class)
        .hasMessageContaining("host local-1 is claimed by run run");
  }

  @Test
  void a_claim_outlives_its_agent_but_not_a_reboot_once_what_that_left_is_saved()
      throws IOException {
    acquire("t-1");
    claimOf("local-1").claim(new ClaimRequest("run", "t-1"), "workflow-run");

    assertThat(claimOf("local-1").isHeldBy("t-1")).isTrue();
    var rebooted = claimOf("local-1", "boot-2");

    assertThat(rebooted.current()).isEmpty();
    assertThat(rebooted.isHeldBy("t-1")).isFalse();
    assertThat(describe("local-1", "t-1")).isEqualTo(HostState.RUNNING);
    rebooted.endEarlier();
    assertThat(describe("local-1", "t-1")).isEqualTo(HostState.TERMINATED);
    assertThat(claimOf("local-1", "boot-2").earlier()).isEmpty();
  }

  @Test
  void a_host_that_saves_what_a_reboot_left_takes_no_claim_and_its_next_agent_neither()
      throws IOException {
    acquire("t-1");
    claimOf("local-1").claim(new ClaimRequest("run", "t-1"), "workflow-run");
    acquire("other", "t-2");
    claimOf("local-1", "boot-2");
    var next = claimOf("local-1", "boot-2");

    assertThat(next.earlier()).isPresent();
    assertThatThrownBy(() -> next.claim(new ClaimRequest("other", "t-2"), "workflow-run"))
        .isInstanceOf(ApplicationFailure.class)
        .hasMessageContaining("host local-1 rebooted and still saves what run run left");
    next.endEarlier();
    assertThat(next.claim(new ClaimRequest("other", "t-2"), "workflow-run").boot())
        .isEqualTo("boot-2");
  }

  @Test
  void whichever_idle_agent_answers_first_has_the_acquisition() throws IOException {
    acquire("t-1");
    acquire("other", "t-2");

    assertThat(claimOf("local-2").claim(new ClaimRequest("run", "t-1"), "workflow-run").id())
        .isEqualTo("local-2");
    assertThatThrownBy(
            () -> claimOf("local-1").claim(new ClaimRequest("run", "t-1"), "workflow-run"))
        .isInstanceOf(ApplicationFailure.class);
  }

  @Test
  void an_acquisition_released_before_its_claim_is_refused() throws IOException {
    acquire("t-1");
    release("t-1");

    assertThatThrownBy(
            () -> claimOf("local-1").claim(new ClaimRequest("run", "t-1"), "workflow-run"))
        .hasMessageContaining("was released before its claim");
  }

  @Test
  void what_a_run_never_claimed_is_free_once_it_acquires_again() throws IOException {
    acquire("t-1");

    assertThat(acquire("t-2").providerId()).isEqualTo("local-1");
    assertThatThrownBy(
            () -> claimOf("local-1").claim(new ClaimRequest("run", "t-1"), "workflow-run"))
        .hasMessageContaining("was released before its claim");
  }

  @Test
  void what_a_terminated_run_never_claimed_is_free_after_ten_minutes() throws IOException {
    acquire("t-1");
    var file = state.resolve("pool/reservations/t-1.json");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofMinutes(11))));

    assertThat(acquire("other", "t-2").providerId()).isEqualTo("local-1");
  }

  @Test
  void a_notice_is_read_from_the_pool_file() throws Exception {
    acquire("t-1");
    var signal = PreemptionSignal.local(state, "local-1");
    assertThat(signal.look()).isEqualTo(new Sign.Quiet());

    notice("local-1");

    assertThat(signal.look())
        .isInstanceOfSatisfying(
            Sign.Leave.class,
            leave -> assertThat(leave.window()).isBetween(Duration.ZERO, Duration.ofSeconds(30)));
  }

  private Acquisition acquire(String token) {
    return acquire("run", token);
  }

  private Acquisition acquire(String run, String token) {
    return capacity.acquire(new AcquireRequest(run, OFFER, token, CapacityTerms.NONE));
  }

  private void release(String token) {
    capacity.release(new ReleaseRequest("run", "local", "local-1", token, "done", ""));
  }

  private HostState describe(String host, String token) {
    return capacity.describe(new DescribeRequest("run", "local", host, token)).state();
  }

  private HostClaim claimOf(String host) throws IOException {
    return claimOf(host, "boot-1");
  }

  private HostClaim claimOf(String host, String boot) throws IOException {
    var claim =
        Capacity.localClaim(
            state, state.resolve("hosts").resolve(host), new Identity(host, boot, "local", "cpu"));
    claim.restore();
    return claim;
  }

  private void notice(String host) throws IOException {
    change(
        host,
        "\"notice\" : null",
        "\"notice\" : {\"at\" : \"2026-11-24T12:00:00Z\", \"windowSeconds\" : 30}");
  }

  private void change(String host, String from, String to) throws IOException {
    var file = state.resolve("pool").resolve(host + ".json");
    Files.writeString(file, Files.readString(file).replace(from, to));
  }
}
