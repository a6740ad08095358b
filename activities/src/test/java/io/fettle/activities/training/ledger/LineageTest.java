package io.fettle.activities.training.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.training.ledger.LeaseRecord.Holder;
import io.fettle.activities.training.ledger.Ledger.Opening;
import io.fettle.activities.training.ledger.Ledger.Published;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories of one run: leases open, live and stale trainers publish (also between the
 * reader's list and its choice), manifests and objects are torn, truncated, flipped and lost, rows
 * change. The test keeps its own account of what each trainer really loaded; whatever the ledger
 * chooses must lie on that lineage and be whole.
 */
class LineageTest {
  private static final int HISTORIES = 5;
  private static final int EVENTS = 60;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void what_is_chosen_is_whole_and_on_the_newest_chain(long seed) throws Exception {
    var random = new Random(seed);
    for (int history = 0; history < HISTORIES; history++) {
      var world = new World(random, new LocalCheckpoints(directory.resolve(seed + "-" + history)));
      for (int event = 0; event < EVENTS; event++) {
        world.happen();
      }
    }
  }

  /**
   * A trainer under a lease. {@code lineage} is what it loaded, and what it has published since,
   * oldest first.
   */
  private static final class Trainer {
    final LeaseRecord lease;
    final List<Published> lineage;
    long step;

    Trainer(LeaseRecord lease, List<Published> loaded) {
      this.lease = lease;
      this.lineage = new ArrayList<>(loaded);
      this.step = loaded.isEmpty() ? 0 : loaded.getLast().manifest().step();
    }
  }

  private static final class World {
    private static final List<String> INPUTS = List.of("rows-a", "rows-a", "rows-a", "rows-b");

    final Random random;
    final LocalCheckpoints local;
    final MemoryStore store = new MemoryStore();
    final Ledger ledger = new Ledger(store, "run", Clock.systemUTC());
    final List<Trainer> trainers = new ArrayList<>();
    final Map<String, byte[]> written = new HashMap<>();
    final Set<String> damaged = new HashSet<>();
    boolean acting;

    World(Random random, LocalCheckpoints local) {
      this.random = random;
      this.local = local;
      store.afterEachList(prefix -> interfere());
    }

    void happen() throws Exception {
      switch (random.nextInt(6)) {
        case 0 -> open();
        case 1, 2, 3 -> publish();
        case 4 -> damage();
        default -> check(INPUTS.get(random.nextInt(INPUTS.size())));
      }
    }

    /** What a zombie does between the reader's list and its choice. */
    void interfere() {
      if (acting && trainers.size() > 1 && random.nextInt(3) == 0) {
        acting = false;
        publishAs(trainers.get(random.nextInt(trainers.size() - 1)));
        acting = true;
      }
    }

    void open() throws Exception {
      var input = INPUTS.get(random.nextInt(INPUTS.size()));
      acting = true;
      var lease =
          ledger.open(new Opening(new Holder("n", "w", "a" + trainers.size()), "host", input, 0));
      acting = false;
      assertThat(lease.number()).isEqualTo(trainers.size() + 1);
      var allowed = allowed(input);
      var loaded = new ArrayList<Published>();
      if (lease.resumeFrom() != null) {
        var position = references(allowed).indexOf(lease.resumeFrom());
        assertThat(position)
            .as("lease %s resumes from a checkpoint of its chain", lease)
            .isNotNegative();
        loaded.addAll(allowed.subList(0, position + 1));
        assertWhole(loaded.getLast());
      }
      trainers.add(new Trainer(lease, loaded));
    }

    void publish() {
      if (!trainers.isEmpty()) {
        var stale = random.nextInt(3) == 0;
        publishAs(stale ? trainers.get(random.nextInt(trainers.size())) : trainers.getLast());
      }
    }

    void publishAs(Trainer trainer) {
      trainer.step += 1 + random.nextInt(20) * (trainer == trainers.getLast() ? 1 : 5);
      var devLoss = random.nextBoolean() ? random.nextDouble() : null;
      try {
        var weights =
            "weights %d/%d %d".formatted(trainer.lease.number(), trainer.step, random.nextInt());
        var published = ledger.publish(trainer.lease, local.write(trainer.step, weights, devLoss));
        trainer.lineage.add(published);
        remember(published);
      } catch (IOException | Ledger.Superseded e) {
        throw new AssertionError(e);
      }
    }

    void remember(Published published) {
      keysOf(published)
          .forEach(key -> store.find(key).ifPresent(body -> written.putIfAbsent(key, body)));
    }

    void damage() {
      var keys = written.keySet().stream().sorted().toList();
      if (keys.isEmpty()) {
        return;
      }
      var key = keys.get(random.nextInt(keys.size()));
      var body = written.get(key);
      damaged.add(key);
      switch (random.nextInt(4)) {
        case 0 -> store.delete(key);
        case 1 -> store.put(key, Arrays.copyOf(body, random.nextInt(body.length)));
        case 2 -> store.put(key, flipped(body));
        default -> store.put(key, new byte[0]);
      }
    }

    byte[] flipped(byte[] body) {
      var copy = body.clone();
      copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
      return copy;
    }

    void check(String input) throws IOException {
      acting = true;
      var chosen = ledger.newestGood(input);
      var best = ledger.best(input);
      acting = false;
      var allowed = allowed(input);
      var whole = allowed.stream().filter(this::isWhole).toList();
      if (chosen.isEmpty()) {
        assertThat(whole).isEmpty();
      } else {
        assertThat(references(allowed)).contains(chosen.get().reference());
        assertWhole(chosen.get());
        assertThat(chosen.get().reference()).isEqualTo(whole.getLast().reference());
      }
      assertThat(best.map(Published::reference)).isEqualTo(leastDevLoss(whole));
    }

    /** What the newest trainer loaded or published, if it trains on this input. */
    List<Published> allowed(String input) {
      if (trainers.isEmpty() || !trainers.getLast().lease.input().equals(input)) {
        return List.of();
      }
      return trainers.getLast().lineage;
    }

    Optional<Reference> leastDevLoss(List<Published> whole) {
      @Nullable Published least = null;
      for (var candidate : whole) {
        var loss = candidate.manifest().devLoss();
        if (loss != null && (least == null || loss < least.manifest().devLoss())) {
          least = candidate;
        }
      }
      return Optional.ofNullable(least).map(Published::reference);
    }

    void assertWhole(Published published) {
      assertThat(isWhole(published)).as("%s is whole", published.reference()).isTrue();
    }

    boolean isWhole(Published published) {
      return keysOf(published).stream()
          .allMatch(
              key ->
                  store
                      .find(key)
                      .filter(body -> Arrays.equals(body, written.get(key)))
                      .isPresent());
    }

    List<String> keysOf(Published published) {
      var keys = new ArrayList<String>();
      keys.add(store.key(published.reference().uri()));
      published
          .manifest()
          .files()
          .forEach(file -> keys.add(new LedgerKeys("run").object(file.sha256())));
      return keys;
    }

    static List<Reference> references(List<Published> published) {
      return published.stream().map(Published::reference).toList();
    }
  }
}
