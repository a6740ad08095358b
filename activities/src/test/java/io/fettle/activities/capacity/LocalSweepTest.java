package io.fettle.activities.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.HostClaim.Identity;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.spec.CapacityTerms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pool of one host: whoever holds it, whether or not it should, is in everybody's way. */
class LocalSweepTest {
  private static final Duration OLD = Duration.ofMinutes(2);

  @TempDir Path state;
  private Pool pool;
  private Runs.State said = Runs.State.OPEN;

  @BeforeEach
  void prepare() {
    pool = Capacity.local(state, 1);
  }

  @Test
  void what_a_terminated_run_never_claimed_is_free_at_the_next_look() throws IOException {
    acquire("gone");
    assertThat(isFree()).isFalse();
    said = Runs.State.OVER;

    assertThat(sweep(Duration.ZERO))
        .containsExactly("acquisition gone-1 on host local-1: run gone is over");
    assertThat(isFree()).isTrue();
    assertThatThrownBy(() -> claim("gone")).hasMessageContaining("was released before its claim");
  }

  @ParameterizedTest
  @EnumSource(names = {"OPEN", "UNREACHABLE"})
  void a_run_of_which_the_server_does_not_say_that_it_is_over_keeps_its_host(Runs.State state)
      throws IOException {
    acquire("run");
    said = state;

    assertThat(sweep(Duration.ofDays(1))).isEmpty();
    assertThat(isFree()).isFalse();
  }

  @Test
  void a_run_that_the_server_does_not_know_yet_is_not_gone() throws IOException {
    acquire("run");
    said = Runs.State.NOT_FOUND;

    assertThat(sweep(Duration.ZERO)).isEmpty();
    assertThat(sweep(OLD)).hasSize(1);
  }

  @Test
  void what_an_agent_holds_is_left_to_that_agent() throws IOException {
    acquire("run");
    var agent = claim("run");
    said = Runs.State.OVER;

    assertThat(sweep(OLD)).isEmpty();
    assertThat(agent.wasReleased()).isFalse();
    assertThat(agent.isAbandoned(new SameOfAll(said), Instant.now())).isTrue();
  }

  @Test
  void an_agent_takes_a_run_that_the_server_does_not_know_for_gone_once_it_would_know_it()
      throws IOException {
    acquire("run");
    var agent = claim("run");
    said = Runs.State.NOT_FOUND;

    assertThat(agent.isAbandoned(new SameOfAll(said), Instant.now())).isFalse();
    assertThat(agent.isAbandoned(new SameOfAll(said), Instant.now().plus(OLD))).isTrue();
  }

  @Test
  void a_claim_that_its_agent_did_not_live_to_keep_is_free() throws IOException {
    acquire("run");
    claim("run");
    Files.delete(state.resolve("hosts/local-1/claim.json"));
    said = Runs.State.OVER;

    assertThat(sweep(OLD)).hasSize(1);
    assertThat(isFree()).isTrue();
  }

  @Test
  void what_a_host_held_that_was_taken_away_is_released() throws IOException {
    acquire("run");
    claim("run");
    var file = state.resolve("pool/local-1.json");
    Files.writeString(
        file, Files.readString(file).replace("\"terminated\" : false", "\"terminated\" : true"));
    said = Runs.State.OVER;

    assertThat(sweep(OLD)).hasSize(1);
  }

  @Test
  void another_namespace_is_not_touched() throws IOException {
    pool.acquire(request("theirs"), new Execution("staging", "theirs", "execution"));
    said = Runs.State.OVER;

    assertThat(sweep(OLD)).isEmpty();
  }

  @Test
  void an_acquisition_of_an_older_build_is_asked_for_by_its_run() throws IOException {
    acquire("run");
    var file = state.resolve("pool/reservations/run-1.json");
    Files.writeString(
        file,
        """
        {"token": "run-1", "run": "run", "host": "local-1", "state": "INTENDED"}
        """);
    said = Runs.State.OVER;

    assertThat(sweep(OLD)).hasSize(1);
  }

  private void acquire(String run) throws IOException {
    assertThat(pool.acquire(request(run), new Execution("fettle", run, run + "-execution")))
        .isNotNull();
  }

  private static AcquireRequest request(String run) {
    return new AcquireRequest(run, Offer.owned("local", "cpu", ""), run + "-1", CapacityTerms.NONE);
  }

  private HostClaim claim(String run) throws IOException {
    var identity = new Identity("local-1", "boot", "local", "cpu");
    var claim = Capacity.localClaim(state, state.resolve("hosts/local-1"), identity);
    claim.claim(new ClaimRequest(run, run + "-1"), run + "-execution");
    return claim;
  }

  private boolean isFree() throws IOException {
    return !pool.offers("cpu").isEmpty();
  }

  private List<String> sweep(Duration later) throws IOException {
    return pool.sweep(new SameOfAll(said), Instant.now().plus(later));
  }
}
