package io.fettle.benchmarks.capacity;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.capacity.DocumentedEc2.Call;
import io.fettle.benchmarks.capacity.Launches.Times;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** How often an empty or broken cloud is asked by one run that waits for a host, at worst. */
final class PaceRows {
  static final String NAME = "hot_loop_calls_per_min_max";
  private static final int ACCOUNT = 600;
  private static final Duration WAIT = Duration.ofHours(2);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Of codes in random order. */
  private static final int MIXES = 20;

  /**
   * The worst there is: some calls that break before each refusal, which begins their pauses anew.
   */
  private static final int MOST_BROKEN = 4;

  /**
   * The workflow's pauses: a test compares them with its options.
   *
   * @param first after a refusal, then twice as long each time
   * @param longest of those
   * @param retry after a call that broke, then twice as long each time
   * @param longestRetry of those
   */
  record Pace(Duration first, Duration longest, Duration retry, Duration longestRetry) {
    static final Pace SHIPPED =
        new Pace(
            Duration.ofSeconds(15),
            Duration.ofMinutes(10),
            Duration.ofSeconds(5),
            Duration.ofMinutes(1));

    /** The control: no back-off. */
    static final Pace HASTY =
        new Pace(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));

    static Duration doubled(Duration pause, Duration longest) {
      var next = pause.multipliedBy(2);
      return next.compareTo(longest) < 0 ? next : longest;
    }
  }

  private record Most(int launches, int calls) {
    Most or(Most other) {
      return new Most(Math.max(launches, other.launches), Math.max(calls, other.calls));
    }
  }

  private PaceRows() {}

  static List<Row> measure(URI moto, Path folder, long seed) throws Exception {
    var most = new Most(0, 0);
    int trials = 0;
    var all = List.of(Ec2Code.values());
    try (var account = new Ec2Account(moto, ACCOUNT)) {
      for (var code : all) {
        most = most.or(most(account, List.of(code), Pace.SHIPPED, folder.resolve("h" + trials++)));
      }
      var random = new Random(seed);
      for (int i = 0; i < MIXES; i++) {
        var mix = new ArrayList<>(all);
        Collections.shuffle(mix, random);
        most = most.or(most(account, mix, Pace.SHIPPED, folder.resolve("h" + trials++)));
      }
      for (int broken = 1; broken <= MOST_BROKEN; broken++) {
        var mix = new ArrayList<>(Collections.nCopies(broken, Ec2Code.INTERNAL));
        mix.add(Ec2Code.UNFULFILLABLE_CAPACITY);
        most = most.or(most(account, mix, Pace.SHIPPED, folder.resolve("h" + trials++)));
      }
      var control = most(account, all, Pace.HASTY, folder.resolve("hasty"));
      return List.of(
          Row.measured(NAME, most.launches(), "", trials)
              .atMost(6)
              .control(control.launches())
              .note(
                  "launches that one waiting run asks for in any minute of two virtual hours, one code forever, all at random, some broken calls before each refusal; calls of every kind: %d; control: no back-off"
                      .formatted(most.calls()))
              .shownByControl());
    }
  }

  private static Most most(Ec2Account account, List<Ec2Code> codes, Pace pace, Path folder)
      throws IOException {
    var clock = new VirtualClock();
    try (var ec2 = new DocumentedEc2(account, clock, Times.NONE);
        var store = Pools.store(Files.createDirectories(folder))) {
      var cloud = Pools.cloud("owner", ec2.address(), account.zones());
      var pool = Pools.pool(cloud, "owner", store, clock, Crash.NEVER);
      var time = pace.equals(Pace.HASTY) ? MINUTE.multipliedBy(2) : WAIT;
      new WaitingRun(account, ec2, clock, cloud, pool, codes).waitFor(time, pace);
      return new Most(inAnyMinute(ec2.calls("CreateFleet")), inAnyMinute(ec2.calls()));
    }
  }

  /** The workflow's loop: a new token after a refusal, the same after a call that broke. */
  private static final class WaitingRun {
    private final Ec2Account account;
    private final DocumentedEc2 ec2;
    private final VirtualClock clock;
    private final Cloud cloud;
    private final ElasticPool pool;
    private final List<Ec2Code> codes;
    private int asked;

    WaitingRun(
        Ec2Account account,
        DocumentedEc2 ec2,
        VirtualClock clock,
        Cloud cloud,
        ElasticPool pool,
        List<Ec2Code> codes) {
      this.account = account;
      this.ec2 = ec2;
      this.clock = clock;
      this.cloud = cloud;
      this.pool = pool;
      this.codes = codes;
    }

    void waitFor(Duration time, Pace pace) throws IOException {
      var end = clock.instant().plus(time);
      var pause = pace.first();
      for (int acquisition = 1; clock.instant().isBefore(end); acquisition++) {
        var retry = pace.retry();
        while (!isRefused("t-" + acquisition) && clock.instant().isBefore(end)) {
          clock.pass(retry);
          retry = Pace.doubled(retry, pace.longestRetry());
        }
        clock.pass(pause);
        pause = Pace.doubled(pause, pace.longest());
      }
    }

    private boolean isRefused(String token) throws IOException {
      inject(ec2, account, codes.get(asked % codes.size()), asked++);
      var request = Pools.request(cloud, "run", token);
      try {
        pool.acquire(request, Pools.by("run"));
      } catch (Refusal refusal) {
        return true;
      } catch (IOException broken) {
        return false;
      }
      throw new IllegalStateException("an empty cloud gave a host");
    }
  }

  private static void inject(DocumentedEc2 ec2, Ec2Account account, Ec2Code code, int asked) {
    ec2.isFull();
    if (code.isOfAPlace() && asked % 2 == 1) {
      account.zones().values().forEach(subnet -> ec2.isEmpty(subnet, code));
    } else {
      ec2.refusesNext("CreateFleet", code);
    }
  }

  static int inAnyMinute(List<Call> calls) {
    int most = 0;
    int first = 0;
    var times = calls.stream().map(Call::at).toArray(Instant[]::new);
    for (int last = 0; last < times.length; last++) {
      while (Duration.between(times[first], times[last]).compareTo(MINUTE) >= 0) {
        first++;
      }
      most = Math.max(most, last - first + 1);
    }
    return most;
  }
}
