package io.fettle.benchmarks.capacity;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.capacity.Launches.Times;
import io.fettle.workflows.capacity.Offer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Two owners in one account, machines of a neighbouring pool, and machines of nobody. */
final class ForeignRows {
  static final String NAME = "foreign_hosts_touched";
  private static final int FIRST_ACCOUNT = 100;
  private static final Duration SWEEP = Duration.ofSeconds(20);
  private static final int SWEEPS = 12;
  private static final String US = "us";
  private static final String THEM = "them";

  private ForeignRows() {}

  static List<Row> measure(Effort effort, URI moto, Path folder) throws Exception {
    int touched = 0;
    int control = 0;
    int foreign = 0;
    int rounds = effort.isQuick() ? 3 : 20;
    for (int i = 0; i < rounds; i++) {
      long seed = effort.seed() * 1_000 + i;
      try (var round = new Round(moto, FIRST_ACCOUNT + 2 * i, seed, folder.resolve("f" + i))) {
        touched += round.touched(round.ours());
        foreign += round.foreign.size();
      }
      try (var round = new Round(moto, FIRST_ACCOUNT + 2 * i + 1, seed, folder.resolve("g" + i))) {
        control += round.touched(new Greedy(round.ours(), round.theirs()));
      }
    }
    return List.of(
        Row.measured(NAME, touched, "", foreign)
            .atMost(0)
            .control(control)
            .note(
                "another owner's, a neighbouring pool's and unmarked ones beside runs that are over; control: a list without the owner's mark")
            .shownByControl());
  }

  /** The control: it lists what others own. */
  private record Greedy(Cloud ours, Cloud theirs) implements Cloud {
    @Override
    public String name() {
      return ours.name();
    }

    @Override
    public List<Offer> offers(String shape) throws IOException {
      return ours.offers(shape);
    }

    @Override
    public int placesAtOnce() {
      return ours.placesAtOnce();
    }

    @Override
    public Machine launch(Intent intent) throws IOException {
      return ours.launch(intent);
    }

    @Override
    public List<Machine> machines() throws IOException {
      var all = new ArrayList<>(ours.machines());
      all.addAll(theirs.machines());
      return all;
    }

    @Override
    public List<Machine> machines(String token) throws IOException {
      return ours.machines(token);
    }

    @Override
    public void terminate(Machine machine) throws IOException {
      ours.terminate(machine);
    }
  }

  /** One account with its owners. */
  private static final class Round implements AutoCloseable {
    private final Ec2Account account;
    private final Random random;
    private final Path folder;
    private final VirtualClock clock = new VirtualClock();
    private final DocumentedEc2 ec2;
    private final DocumentedEc2 theirEc2;
    private final Set<String> foreign = new HashSet<>();

    Round(URI moto, int number, long seed, Path folder) throws IOException {
      this.account = new Ec2Account(moto, number);
      this.random = new Random(seed);
      this.folder = folder;
      var times = new Times(Duration.ofSeconds(random.nextInt(60)), Duration.ofSeconds(30));
      this.ec2 = new DocumentedEc2(account, clock, times);
      this.theirEc2 = new DocumentedEc2(account, clock, times);
    }

    Cloud ours() {
      return Pools.cloud(US, ec2.address(), account.zones());
    }

    Cloud theirs() {
      return Pools.cloud(THEM, theirEc2.address(), account.zones());
    }

    /** All our runs end, and we sweep for four minutes. */
    int touched(Cloud cloud) throws IOException {
      var theirTokens = launch(theirs(), THEM, "theirs");
      foreign.addAll(ids("fettle-owner", THEM));
      foreign.add(account.launch(Map.of()));
      foreign.add(
          account.launch(
              Map.of("fettle-owner", US, "fettle-pool", "another", "fettle-run", "run-x")));
      try (var store = Pools.store(Files.createDirectories(folder.resolve(US)))) {
        var pool = Pools.pool(cloud, US, store, clock, Crash.NEVER);
        var runs = launch(cloud, US, "ours");
        for (var token : theirTokens) {
          pool.release(Pools.release("run-" + token, token)); // ours to ask, not ours to give
        }
        for (int i = 0; i < SWEEPS; i++) {
          pool.sweep(
              Pools.over(runs.stream().map(token -> "run-" + token).toList()), clock.instant());
          clock.pass(SWEEP);
        }
      }
      return hurt();
    }

    private List<String> launch(Cloud cloud, String owner, String prefix) throws IOException {
      var tokens = new ArrayList<String>();
      try (var store = Pools.store(Files.createDirectories(folder.resolve(owner)))) {
        var pool = Pools.pool(cloud, owner, store, clock, Crash.NEVER);
        for (int i = 0; i < 1 + random.nextInt(3); i++) {
          var token = prefix + "-" + i;
          pool.acquire(Pools.request(cloud, "run-" + token, token), Pools.by("run-" + token));
          tokens.add(token);
        }
      }
      return tokens;
    }

    private Set<String> ids(String tag, String value) {
      var ids = new HashSet<String>();
      account.instances(tag, value).forEach(instance -> ids.add(instance.instanceId()));
      return ids;
    }

    /** Named in a call of ours that ends machines, or ended. */
    private int hurt() {
      var hurt = new HashSet<String>();
      for (var call : ec2.calls("TerminateInstances")) {
        hurt.addAll(call.form().list("InstanceId"));
      }
      hurt.retainAll(foreign);
      account.instances().stream()
          .filter(instance -> foreign.contains(instance.instanceId()))
          .filter(instance -> !Ec2Account.lives(instance))
          .forEach(instance -> hurt.add(instance.instanceId()));
      return hurt.size();
    }

    @Override
    public void close() {
      ec2.close();
      theirEc2.close();
      account.close();
    }
  }
}
