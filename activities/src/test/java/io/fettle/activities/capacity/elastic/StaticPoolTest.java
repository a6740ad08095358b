package io.fettle.activities.capacity.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.HostClaim.Identity;
import io.fettle.activities.capacity.SameOfAll;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StaticPoolTest {
  private static final String SHAPE = "h100-80gb-x8";

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private ObjectStore store;
  private StaticPool pool;
  private Runs.State said = Runs.State.OPEN;

  @BeforeEach
  void prepare() throws IOException {
    store = Stores.open(folder.toUri());
    pool = new StaticPool("lab", "owner", store, () -> now);
  }

  @Test
  void a_pool_offers_what_its_registered_agents_are() throws IOException {
    assertThat(pool.offers(SHAPE)).isEmpty();
    claims("h-1", "boot").register();
    assertThat(pool.offers(SHAPE)).hasSize(1);
    assertThat(pool.offers("l4-24gb-x1")).isEmpty();
    claims("h-1", "boot").leave();
    assertThat(pool.offers(SHAPE)).isEmpty();
  }

  @Test
  void whichever_agent_answers_first_has_the_acquisition() throws IOException {
    assertThat(acquire("t-1").claimQueue()).isEqualTo("gpu-lab-" + SHAPE);

    assertThat(claims("h-1", "boot").claimed(claim("t-1"))).isTrue();
    assertThat(claims("h-2", "boot").claimed(claim("t-1"))).isFalse();
    assertThat(claims("h-1", "boot").claimed(claim("nobody"))).isFalse();
  }

  @Test
  void a_host_closes_what_was_released_once_its_trainer_has_saved() throws IOException {
    acquire("t-1");
    claims("h-1", "boot").claimed(claim("t-1"));

    release("t-1");

    assertThat(claims("h-1", "boot").released("t-1")).isTrue();
    assertThat(new Book(store, "lab").intent("t-1")).as("it still saves").isPresent();
    claims("h-1", "boot").release("t-1");
    assertThat(new Book(store, "lab").ended("run", "t-1").orElseThrow().dollars()).isZero();
    assertThat(store.list("capacity/open")).isEmpty();
    assertThatThrownBy(() -> acquire("t-1")).hasMessageContaining("over");
    assertThat(store.list("capacity/open")).as("a repeat of what is over leaves nothing").isEmpty();
  }

  @Test
  void an_acquisition_that_nobody_claimed_ends_with_its_release() throws IOException {
    acquire("t-1");
    release("t-1");

    assertThat(store.list("capacity/open")).isEmpty();
    assertThat(claims("h-1", "boot").claimed(claim("t-1"))).isFalse();
  }

  @Test
  void a_machine_is_dead_once_its_agent_says_that_it_rebooted_and_not_before() throws IOException {
    claims("h-1", "boot").register();
    acquire("t-1");
    claims("h-1", "boot").claimed(claim("t-1"));
    assertThat(state("t-1")).isEqualTo(HostState.UNKNOWN);

    claims("h-1", "another").register();

    assertThat(state("t-1")).isEqualTo(HostState.TERMINATED);
  }

  @Test
  void what_a_run_that_is_over_has_is_released_and_nothing_else() throws IOException {
    acquire("t-1");
    claims("h-1", "boot").claimed(claim("t-1"));
    said = Runs.State.UNREACHABLE;
    sweep();
    assertThat(claims("h-1", "boot").released("t-1")).isFalse();

    said = Runs.State.OVER;
    sweep();

    assertThat(claims("h-1", "boot").released("t-1")).isTrue();
  }

  private void sweep() throws IOException {
    now = now.plus(Duration.ofMinutes(2));
    pool.sweep(new SameOfAll(said), now);
  }

  private Acquisition acquire(String token) throws IOException {
    var request =
        new AcquireRequest("run", Offer.owned("lab", SHAPE, ""), token, CapacityTerms.NONE);
    return pool.acquire(request, new Execution("fettle", "run", "execution"));
  }

  private void release(String token) throws IOException {
    pool.release(new ReleaseRequest("run", "lab", "h-1", token, "done", ""));
  }

  private HostState state(String token) throws IOException {
    return pool.describe(new DescribeRequest("run", "lab", "h-1", token)).state();
  }

  private StaticClaims claims(String host, String boot) {
    return new StaticClaims(store, new Identity(host, boot, "lab", SHAPE), () -> now);
  }

  private static ClaimRequest claim(String token) {
    return new ClaimRequest("run", token);
  }
}
