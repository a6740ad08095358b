package io.fettle.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.activities.store.ObjectStore;
import io.fettle.benchmarks.capacity.Launches.Times;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pool and its reconciler on EC2 as it is documented. */
@Tag("real")
class PoolOnEc2RealTest {
  private static final Duration LAG = Duration.ofSeconds(60);
  private static final String RUN = "run-1";

  @TempDir Path folder;

  private Ec2Account account;
  private VirtualClock clock;
  private DocumentedEc2 ec2;
  private Cloud cloud;
  private ObjectStore store;
  private ElasticPool pool;

  @BeforeEach
  void start() throws IOException {
    account = Moto.account();
    clock = new VirtualClock();
    ec2 = new DocumentedEc2(account, clock, new Times(LAG, Duration.ZERO));
    cloud = Pools.cloud("me", ec2.address(), account.zones());
    store = Pools.store(Files.createDirectory(folder.resolve("store")));
    pool = Pools.pool(cloud, "me", store, clock, Crash.NEVER);
  }

  @AfterEach
  void stop() throws IOException {
    ec2.close();
    account.close();
    store.close();
  }

  private String acquire(String token) throws IOException {
    return pool.acquire(Pools.request(cloud, RUN, token), Pools.by(RUN)).providerId();
  }

  private void sweep(Runs.State state, Duration time) throws IOException {
    for (long i = 0; i <= time.toSeconds() / 20; i++) {
      pool.sweep(Pools.all(state), clock.instant());
      clock.pass(Duration.ofSeconds(20));
    }
  }

  private long living() {
    return account.living("fettle-owner", "me");
  }

  @Test
  void a_lost_reply_and_a_lagging_list_give_one_machine() throws IOException {
    ec2.losesNextReply("CreateFleet");

    assertThatThrownBy(() -> acquire("t")).isNotInstanceOf(Refusal.class);
    var machine = acquire("t");
    clock.pass(LAG);

    assertThat(acquire("t")).isEqualTo(machine);
    assertThat(account.instances()).hasSize(1);
  }

  @Test
  void a_twin_is_ended_and_the_other_kept() throws IOException {
    var machine = acquire("t");
    clock.pass(LAG);
    account.launch(
        Map.of(
            "fettle-owner",
            "me",
            "fettle-pool",
            "aws",
            "fettle-run",
            RUN,
            "fettle-acquisition",
            "t"));

    assertThat(living()).isEqualTo(2);
    acquire("t");
    assertThat(living()).isEqualTo(1);
    assertThat(machine).isNotEmpty();
  }

  @Test
  void a_dead_machine_is_not_handed_out_again() throws IOException {
    var machine = acquire("t");
    clock.pass(LAG);
    ec2.interrupt(machine);

    assertThatThrownBy(() -> acquire("t"))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.kind()).isEqualTo(Kind.ENDED);
              assertThat(refusal.sentence()).contains("Server.SpotInstanceTermination");
            });
    assertThat(account.instances()).hasSize(1);
  }

  @Test
  void the_providers_word_of_a_machine_waits_for_its_lists() throws IOException {
    var machine = acquire("t");
    var request = new DescribeRequest(RUN, "aws", machine, "t");

    assertThat(pool.describe(request).state()).isEqualTo(HostState.UNKNOWN);
    clock.pass(LAG);
    assertThat(pool.describe(request).state()).isEqualTo(HostState.RUNNING);
    ec2.interrupt(machine);
    assertThat(pool.describe(request))
        .returns(HostState.TERMINATED, description -> description.state())
        .satisfies(
            description ->
                assertThat(description.detail()).startsWith("Server.SpotInstanceTermination"));
  }

  @Test
  void a_release_before_the_lists_have_it_is_made_good_by_the_reconciler() throws IOException {
    acquire("t");
    pool.release(Pools.release(RUN, "t"));

    assertThat(living()).isEqualTo(1);
    sweep(Runs.State.OPEN, Duration.ofMinutes(2));
    assertThat(living()).isZero();
    assertThat(store.list("capacity/open/")).isEmpty();
    assertThat(store.list("runs/" + RUN + "/acquisitions/")).hasSize(1);
  }

  @Test
  void two_owners_in_one_account_end_their_own() throws IOException {
    var theirCloud = Pools.cloud("them", ec2.address(), account.zones());
    var theirStore = Pools.store(Files.createDirectory(folder.resolve("theirs")));
    var theirs = Pools.pool(theirCloud, "them", theirStore, clock, Crash.NEVER);
    acquire("ours");
    theirs.acquire(Pools.request(theirCloud, "run-2", "theirs"), Pools.by("run-2"));

    sweep(Runs.State.OVER, Duration.ofMinutes(4));

    assertThat(living()).isZero();
    assertThat(account.living("fettle-owner", "them")).isEqualTo(1);
  }

  @Test
  void a_machine_whose_agent_never_joins_is_given_back() throws IOException {
    acquire("t");

    sweep(Runs.State.OPEN, Duration.ofMinutes(9));
    assertThat(living()).isEqualTo(1);
    sweep(Runs.State.OPEN, Duration.ofMinutes(5));
    assertThat(living()).isZero();
  }
}
