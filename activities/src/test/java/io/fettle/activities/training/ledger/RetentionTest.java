package io.fettle.activities.training.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.training.ledger.LeaseRecord.Holder;
import io.fettle.activities.training.ledger.Ledger.HeldElsewhere;
import io.fettle.activities.training.ledger.Ledger.Keep;
import io.fettle.activities.training.ledger.Ledger.Opening;
import io.fettle.activities.training.ledger.Ledger.Published;
import io.fettle.activities.training.ledger.Ledger.Swept;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetentionTest {
  private static final String ROWS = "input-of-these-rows";
  private static final Keep THREE = new Keep(3, 0);

  @TempDir Path directory;
  private final MemoryStore store = new MemoryStore();
  private LocalCheckpoints local;
  private int activities;

  @BeforeEach
  void prepare() {
    local = new LocalCheckpoints(directory);
  }

  @Test
  void the_last_ones_and_the_best_stay() throws Exception {
    var lease = open();
    publish(lease, 10, 0.9);
    publish(lease, 20, 0.1);
    for (long step = 30; step <= 80; step += 10) {
      publish(lease, step, 0.5);
    }

    collect(lease, THREE);

    assertThat(steps()).containsExactly(20L, 60L, 70L, 80L);
    assertThat(unnamedBlobs()).isEmpty();
  }

  @Test
  void one_stays_past_each_multiple() throws Exception {
    var lease = open();
    for (long step = 30; step <= 330; step += 30) {
      publish(lease, step, null);
      collect(lease, new Keep(1, 100));
    }

    assertThat(steps()).containsExactly(120L, 210L, 300L, 330L);
  }

  @Test
  void what_a_lease_went_on_from_stays() throws Exception {
    publish(open(), 10, null);
    var second = open();
    for (long step = 20; step <= 60; step += 10) {
      publish(second, step, null);
    }

    collect(second, new Keep(1, 0));

    assertThat(steps()).containsExactly(10L, 60L);
  }

  @Test
  void a_zombie_deletes_nothing() throws Exception {
    var zombie = open();
    for (long step = 10; step <= 60; step += 10) {
      publish(zombie, step, null);
    }
    open();
    var before = Set.copyOf(store.objects.keySet());

    assertThat(collect(zombie, new Keep(1, 0))).isEqualTo(new Swept(0, 0, 0));
    assertThat(store.objects.keySet()).isEqualTo(before);
  }

  @Test
  void nothing_goes_once_an_opener_has_announced_itself() throws Exception {
    var lease = open();
    for (long step = 10; step <= 60; step += 10) {
      publish(lease, step, null);
    }
    store.put(new LedgerKeys("run").opening(2), new byte[] {1});

    assertThat(collect(lease, new Keep(1, 0)).manifests()).isZero();
  }

  @Test
  void nothing_goes_that_is_older_than_the_last_one_which_can_be_read() throws Exception {
    var lease = open();
    for (long step = 10; step <= 60; step += 10) {
      publish(lease, step, null);
    }
    damageAll(lease, 30);

    collect(lease, new Keep(1, 0));

    assertThat(steps()).contains(20L).doesNotContain(10L);
    assertThat(ledger().newestGood(ROWS).orElseThrow().manifest().step()).isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void no_history_of_crashes_loses_the_newest_good_checkpoint(long seed) throws Exception {
    var random = new Random(seed);
    for (int history = 0; history < 3; history++) {
      store.objects.clear();
      new History(random).play();
    }
  }

  /** One run whose holders publish, collect, crash between two deletes and hand over. */
  private final class History {
    private final Random random;
    private final Keep keep;
    private final List<LeaseRecord> leases = new ArrayList<>();
    private final boolean damages;
    private Ledger holder = ledger();
    private long step;

    History(Random random) {
      this.random = random;
      this.keep = new Keep(1 + random.nextInt(3), random.nextBoolean() ? 0 : 25);
      this.damages = random.nextBoolean();
    }

    void play() throws Exception {
      leases.add(open());
      for (int event = 0; event < 60; event++) {
        switch (random.nextInt(8)) {
          case 0 -> handOver();
          case 1 -> damageOne();
          case 2 -> collectAsZombie();
          case 3, 4, 5 -> collectAndMaybeCrash();
          default -> publishNext();
        }
      }
      everythingElseIsCollected();
    }

    void handOver() throws Exception {
      leases.add(open());
      holder = ledger();
      var resumed = leases.getLast().resumeFrom();
      step = resumed == null ? 0 : holder.place(resumed).step();
    }

    void publishNext() throws Exception {
      step += 1 + random.nextInt(20);
      publish(leases.getLast(), step, random.nextBoolean() ? random.nextDouble() : null);
    }

    void damageOne() {
      var keys = store.objects.keySet().stream().filter(key -> !key.contains("/leases/")).toList();
      if (damages && !keys.isEmpty()) {
        var key = keys.get(random.nextInt(keys.size()));
        var body = store.find(key).orElseThrow();
        body[random.nextInt(body.length)] ^= 1;
        store.put(key, body);
      }
    }

    void collectAsZombie() throws Exception {
      if (leases.size() > 1) {
        var before = new TreeMap<>(store.objects);
        collect(leases.get(random.nextInt(leases.size() - 1)), keep);
        assertThat(store.objects.keySet()).isEqualTo(before.keySet());
      }
    }

    void collectAndMaybeCrash() throws Exception {
      var good = holder.newestGood(ROWS);
      var best = holder.best(ROWS);
      crashAfter(random.nextInt(12));
      try {
        holder.proveNewest(leases.getLast(), keep);
        holder.collect(leases.getLast(), keep, () -> true);
      } catch (Crash _) {
        holder = ledger();
      } finally {
        store.beforeEachDelete(_ -> {});
      }
      assertThat(ledger().newestGood(ROWS)).isEqualTo(good);
      if (!damages) {
        assertThat(ledger().best(ROWS)).isEqualTo(best);
        assertThat(ledger().survey(false))
            .as("no manifest is left without its blobs")
            .allMatch(Ledger.Entry::whole);
      }
    }

    void crashAfter(int deletes) {
      var left = new int[] {deletes};
      store.beforeEachDelete(
          _ -> {
            if (left[0]-- == 0) {
              throw new Crash();
            }
          });
    }

    void everythingElseIsCollected() throws Exception {
      collect(leases.getLast(), keep);
      assertThat(unnamedBlobs()).isEmpty();
      if (!damages && keep.every() == 0) {
        var loaded = leases.stream().filter(lease -> lease.resumeFrom() != null).count();
        var onChain = ledger().survey(false).stream().filter(RetentionTest::isOnChain).count();
        assertThat(onChain).isLessThanOrEqualTo(keep.last() + 1 + loaded);
      }
    }
  }

  private static final class Crash extends RuntimeException {}

  private static boolean isOnChain(Ledger.Entry entry) {
    return entry.standing() == Ledger.Standing.RESUME_POINT
        || entry.standing() == Ledger.Standing.SUPERSEDED;
  }

  private Ledger ledger() {
    return new Ledger(store, "run", Clock.systemUTC());
  }

  private LeaseRecord open() throws IOException, HeldElsewhere {
    var holder = new Holder("fettle", "workflow-run", "activity-" + activities++);
    return ledger().open(new Opening(holder, "host", ROWS, 0));
  }

  private Published publish(LeaseRecord lease, long step, @Nullable Double devLoss)
      throws Exception {
    return ledger()
        .publish(lease, local.write(step, "%d/%d".formatted(lease.number(), step), devLoss));
  }

  private Swept collect(LeaseRecord lease, Keep keep) throws IOException {
    var ledger = ledger();
    ledger.proveNewest(lease, keep);
    return ledger.collect(lease, keep, () -> true);
  }

  /** Flips a bit in every checkpoint's weights from that step on; the sizes stay. */
  private void damageAll(LeaseRecord lease, long from) throws IOException {
    for (var entry : ledger().survey(false)) {
      if (entry.step() >= from && entry.lease() == lease.number()) {
        var weights = entry.manifest().orElseThrow().files().getFirst().sha256();
        var key = new LedgerKeys("run").object(weights);
        var body = store.find(key).orElseThrow();
        body[0] ^= 1;
        store.put(key, body);
      }
    }
  }

  private List<Long> steps() throws IOException {
    return ledger().survey(false).stream().map(Ledger.Entry::step).toList();
  }

  private Set<String> unnamedBlobs() {
    var manifests =
        store.objects.entrySet().stream()
            .filter(entry -> LedgerKeys.isCheckpoint(entry.getKey()))
            .map(entry -> new String(entry.getValue(), java.nio.charset.StandardCharsets.UTF_8))
            .collect(Collectors.joining());
    return store.objects.keySet().stream()
        .filter(key -> key.startsWith("runs/run/objects/"))
        .filter(key -> !manifests.contains(key.substring(key.lastIndexOf('/') + 1)))
        .collect(Collectors.toSet());
  }

  @Test
  void a_survey_says_where_each_one_stands() throws Exception {
    var first = open();
    publish(first, 10, 0.4);
    var loaded = publish(first, 20, 0.6);
    var second = open();
    publish(first, 500, 0.1);
    publish(second, 30, 0.5);
    publish(second, 40, 0.7);
    store.delete(new LedgerKeys("run").object(loaded.manifest().files().getFirst().sha256()));

    var entries = ledger().survey(false);

    assertThat(entries)
        .extracting(entry -> entry.lease() + "/" + entry.step() + " " + entry.standing())
        .containsExactly(
            "1/10 SUPERSEDED",
            "1/20 BROKEN_OBJECT",
            "1/500 STALE_LEASE",
            "2/30 SUPERSEDED",
            "2/40 RESUME_POINT");
    assertThat(entries.stream().filter(Ledger.Entry::best).map(Ledger.Entry::step))
        .containsExactly(10L);
    assertThat(entries.get(1).loadedBy()).containsExactly(2);
    assertThat(Optional.of(entries.getLast().step()))
        .isEqualTo(ledger().newestGood(ROWS).map(good -> good.manifest().step()));
  }
}
