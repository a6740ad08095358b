package io.fettle.benchmarks.capacity;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.activities.store.ObjectStore;
import io.fettle.benchmarks.capacity.Launches.Times;
import io.fettle.benchmarks.capacity.PoolChild.Death;
import io.fettle.benchmarks.capacity.PoolChild.Job;
import io.fettle.benchmarks.capacity.PoolChild.Verb;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;

/**
 * One control worker dies at one numbered point of acquire or release; what comes after it, two
 * minutes later, is counted.
 */
final class HaltTrial implements AutoCloseable {
  /** The last point of acquire; the rest are release's. */
  static final int ACQUIRE_POINTS = 6;

  /** Is passed by a child that adopts what its first call launched. */
  private static final int LAUNCHED_POINT = 4;

  /** The first of release that is reached only where the provider lists the machine. */
  private static final int LISTED_POINT = 10;

  /** The control worker's own. */
  private static final Duration SWEEP = Duration.ofSeconds(20);

  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final int LONGEST_LAG_SECONDS = 60;
  private static final int LOST_ONE_IN = 4;

  private final Plan plan;
  private final Random random;
  private final Ec2Account account;
  private final Children children;
  private final Path folder;
  private final ObjectStore store;
  private final VirtualClock clock = new VirtualClock();
  private final DocumentedEc2 ec2;
  private final String run;
  private final String token;

  /** What becomes of the run whose control worker died. */
  enum Fate {
    /** Temporal repeats the activity; later the run ends. */
    REPEATED,
    OVER,
    /** The server lost it, and says so. */
    NOT_FOUND,
    /** The server is away for a minute; then it is over. */
    UNREACHABLE
  }

  record Plan(int point, Death death, Fate fate, long seed) {}

  /**
   * What was found.
   *
   * @param orphans machines that live two minutes after the run or the crash, whichever was last
   * @param doubles machines beyond the first that one acquisition, or a cap for one host, ever had
   * @param taken machines of a live run that were taken from it
   */
  record Found(int orphans, int doubles, int taken) {}

  HaltTrial(Plan plan, Ec2Account account, Children children, Path folder) throws IOException {
    this.plan = plan;
    this.random = new Random(plan.seed());
    this.account = account;
    this.children = children;
    this.folder = folder;
    this.store = Pools.store(folder);
    this.token = "t%d-%d".formatted(plan.point(), plan.seed());
    this.run = "run-" + token;
    this.ec2 = new DocumentedEc2(account, clock, times());
  }

  private Times times() {
    var lag = Duration.ofSeconds(random.nextInt(LONGEST_LAG_SECONDS + 1));
    return new Times(random.nextInt(3) == 0 ? Duration.ZERO : lag, Duration.ofSeconds(30));
  }

  /** The mark: trials share an account. */
  private String owner() {
    return "owner-" + token;
  }

  Found product() throws IOException, InterruptedException {
    var cloud = Pools.cloud(owner(), ec2.address(), account.zones());
    Pools.share(store, run);
    die(cloud);
    clock.pass(Duration.ofSeconds(random.nextInt((int) SWEEP.toSeconds())));
    var pool = Pools.pool(cloud, owner(), store, clock, Crash.NEVER); // the next control worker
    int taken = comeBack(pool, cloud);
    sweep(pool, plan.fate() == Fate.NOT_FOUND ? Runs.State.NOT_FOUND : Runs.State.OVER, LIMIT);
    return found(taken);
  }

  private void die(Cloud cloud) throws IOException, InterruptedException {
    if (plan.point() <= ACQUIRE_POINTS) {
      if (random.nextInt(LOST_ONE_IN) == 0 && plan.point() != LAUNCHED_POINT) {
        ec2.losesNextReply("CreateFleet");
      }
      children.run(job(Verb.ACQUIRE));
      return;
    }
    var before = Pools.pool(cloud, owner(), store, clock, Crash.NEVER);
    PoolChild.acquire(before, run, Pools.capped(cloud, run, token));
    clock.pass(
        Duration.ofSeconds(
            plan.point() == LISTED_POINT
                ? LONGEST_LAG_SECONDS + 1
                : random.nextInt(LONGEST_LAG_SECONDS)));
    children.run(job(Verb.RELEASE));
  }

  private Job job(Verb verb) {
    return new Job(
        verb,
        plan.point(),
        plan.death(),
        ec2.address(),
        folder,
        owner(),
        run,
        token,
        clock.instant(),
        account.zones());
  }

  /** Of a live run nothing may be taken meanwhile. */
  private int comeBack(ElasticPool pool, Cloud cloud) throws IOException {
    boolean isAcquiring = plan.point() <= ACQUIRE_POINTS;
    switch (plan.fate()) {
      case REPEATED -> {
        if (isAcquiring) {
          PoolChild.acquire(pool, run, Pools.capped(cloud, run, token));
          askBeside(pool, cloud);
          sweep(pool, Runs.State.OPEN, SWEEP.multipliedBy(2));
          return living() == 0 ? 1 : 0;
        }
        pool.release(Pools.release(run, token));
      }
      case UNREACHABLE -> {
        long before = living();
        sweep(pool, Runs.State.UNREACHABLE, Duration.ofMinutes(1));
        return isAcquiring ? (int) (before - living()) : 0;
      }
      case OVER, NOT_FOUND -> {}
    }
    return 0;
  }

  /** The shared cap pays for one host: if another run gets one too, that is a second launch. */
  private void askBeside(ElasticPool pool, Cloud cloud) throws IOException {
    var other = run + "-beside";
    Pools.share(store, other);
    try {
      PoolChild.acquire(pool, other, Pools.capped(cloud, other, token + "-beside"));
    } catch (Refusal refusal) {
      if (!refusal.isOfMoney()) {
        throw refusal;
      }
    }
  }

  private void sweep(ElasticPool pool, Runs.State state, Duration time) throws IOException {
    for (var passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(SWEEP)) {
      pool.sweep(Pools.all(state), clock.instant());
      clock.pass(SWEEP);
    }
  }

  /** The same death of a pool that has neither intents nor adoption nor a reconciler. */
  Found control() throws IOException {
    var cloud = Pools.cloud(owner(), ec2.address(), account.zones());
    var offer = Pools.request(cloud, run, token).offer();
    var naive = new NaivePool(cloud, owner(), run, offer);
    naive.acquireAndDieAt(plan.point());
    if (plan.fate() == Fate.REPEATED) {
      naive = new NaivePool(cloud, owner(), run, offer);
      if (plan.point() <= ACQUIRE_POINTS) {
        naive.acquireAndDieAt(0);
      }
      naive.release();
    }
    return found(0);
  }

  private Found found(int taken) {
    var all = account.instances("fettle-owner", owner()).size();
    return new Found((int) living(), Math.max(0, all - 1), taken);
  }

  private long living() {
    return account.living("fettle-owner", owner());
  }

  @Override
  public void close() throws IOException {
    ec2.close();
    store.close();
  }
}
