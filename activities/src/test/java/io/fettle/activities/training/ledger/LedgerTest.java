package io.fettle.activities.training.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.training.ledger.LeaseRecord.Holder;
import io.fettle.activities.training.ledger.Ledger.HeldElsewhere;
import io.fettle.activities.training.ledger.Ledger.Opening;
import io.fettle.activities.training.ledger.Ledger.Superseded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  private static final String ROWS = "input-of-these-rows";

  @TempDir Path directory;
  private final MemoryStore store = new MemoryStore();
  private final Ledger ledger = new Ledger(store, "support-1a2b3c4d", Clock.systemUTC());
  private LocalCheckpoints checkpoints;

  @BeforeEach
  void prepare() {
    checkpoints = new LocalCheckpoints(directory);
  }

  @Test
  void the_first_lease_starts_at_step_0() throws Exception {
    var lease = open("a");

    assertThat(lease.number()).isEqualTo(1);
    assertThat(lease.resumeFrom()).isNull();
  }

  @Test
  void the_next_lease_goes_on_from_the_newest_published_checkpoint() throws Exception {
    var first = open("a");
    ledger.publish(first, checkpoints.write(10, "ten", null));
    var newest = ledger.publish(first, checkpoints.write(20, "twenty", null));

    assertThat(open("b").resumeFrom()).isEqualTo(newest.reference());
  }

  @Test
  void a_retry_gets_the_stored_lease_and_does_not_choose_again() throws Exception {
    var first = open("a");
    var second = open("b");
    ledger.publish(second, checkpoints.write(10, "ten", null));

    assertThat(open("b")).isEqualTo(second);
    assertThat(open("a")).as("opened before b, by another activity").isNotEqualTo(first);
  }

  @Test
  void a_retry_is_found_behind_a_newer_lease_of_another_workflow() throws Exception {
    var mine = open("a");
    var holder = new Holder("fettle", "another-workflow-run", "1");
    ledger.open(new Opening(holder, "host", ROWS, 0));

    assertThat(open("a")).isEqualTo(mine);
  }

  @Test
  void two_holders_that_race_get_two_numbers() throws Exception {
    var raced = new AtomicBoolean();
    store.afterEachList(
        prefix -> {
          if (prefix.contains("/leases/") && raced.compareAndSet(false, true)) {
            openQuietly("rival");
          }
        });

    assertThat(open("a").number()).isEqualTo(2);
    assertThat(ledger.leases())
        .extracting(lease -> lease.holder().activity())
        .containsExactly("rival", "a");
  }

  @Test
  void changed_rows_start_at_step_0() throws Exception {
    ledger.publish(open("a"), checkpoints.write(10, "ten", null));

    var changed = ledger.open(new Opening(holder("b"), "host", "input-of-other-rows", 0));

    assertThat(changed.number()).isEqualTo(2);
    assertThat(changed.resumeFrom()).isNull();
  }

  @Test
  void a_zombie_that_publishes_after_its_successor_opened_is_never_chosen() throws Exception {
    var zombie = open("a");
    var chosen = ledger.publish(zombie, checkpoints.write(10, "ten", 0.9));
    var successor = open("b");
    ledger.publish(zombie, checkpoints.write(500, "five hundred", 0.1));

    assertThat(ledger.newestGood(ROWS)).contains(chosen);
    assertThat(ledger.best(ROWS)).contains(chosen);
    assertThat(successor.resumeFrom()).isEqualTo(chosen.reference());
  }

  @Test
  void a_torn_checkpoint_is_passed_over_for_the_one_before() throws Exception {
    var first = open("a");
    var good = ledger.publish(first, checkpoints.write(10, "ten", null));
    var torn = ledger.publish(first, checkpoints.write(20, "twenty", null));
    truncate(store.key(torn.reference().uri()));

    assertThat(open("b").resumeFrom()).isEqualTo(good.reference());
  }

  @Test
  void a_manifest_torn_after_it_was_resumed_from_does_not_hide_the_ones_before() throws Exception {
    var first = open("a");
    var good = ledger.publish(first, checkpoints.write(10, "ten", null));
    var torn = ledger.publish(first, checkpoints.write(20, "twenty", null));
    assertThat(open("b").resumeFrom()).isEqualTo(torn.reference());
    truncate(store.key(torn.reference().uri()));

    assertThat(open("c").resumeFrom()).isEqualTo(good.reference());
  }

  @Test
  void a_large_file_is_published_with_a_sum_of_each_of_its_chunks() throws Exception {
    var large = checkpoints.write(10, "x".repeat(9 << 20), null);

    var published = ledger.publish(open("a"), large);

    var weights = published.manifest().files().getFirst();
    assertThat(weights.crc32c())
        .hasSize(2)
        .isEqualTo(ObjectStore.Expected.of(large.resolve(weights.path())).crc32c());
  }

  @Test
  void what_an_older_agent_published_without_sums_is_the_same_checkpoint() throws Exception {
    var lease = open("a");
    var large = checkpoints.write(10, "x".repeat(9 << 20), null);
    var published = ledger.publish(lease, large);
    var files = published.manifest().files().stream().map(Manifest.File::unsummed).toList();
    var older = ManifestFormat.write(published.manifest().with(files));
    store.put(store.key(published.reference().uri()), older);

    var again = ledger.publish(lease, large);

    assertThat(again.reference().sha256())
        .isEqualTo(Stores.sha256(older))
        .isNotEqualTo(published.reference().sha256());
    assertThat(ledger.newestGood(ROWS).orElseThrow().reference()).isEqualTo(again.reference());
  }

  @Test
  void a_flipped_bit_in_a_manifest_is_seen_although_no_reference_names_it() throws Exception {
    var first = open("a");
    var good = ledger.publish(first, checkpoints.write(10, "ten", 0.5));
    var flipped = ledger.publish(first, checkpoints.write(20, "twenty", 0.25));
    var key = store.key(flipped.reference().uri());
    var text = new String(store.find(key).orElseThrow(), UTF_8);
    store.put(key, text.replace("0.25", "0.24").getBytes(UTF_8));

    assertThat(ledger.best(ROWS)).contains(good);
  }

  @Test
  void the_best_checkpoint_may_lie_in_an_earlier_lease() throws Exception {
    var best = ledger.publish(open("a"), checkpoints.write(10, "ten", 0.5));
    ledger.publish(open("b"), checkpoints.write(20, "twenty", 0.75));

    assertThat(ledger.best(ROWS)).contains(best);
  }

  @Test
  void publishing_again_is_the_same_checkpoint() throws Exception {
    var lease = open("a");
    var local = checkpoints.write(10, "ten", 0.5);

    assertThat(ledger.publish(lease, local)).isEqualTo(ledger.publish(lease, local));
  }

  @Test
  void another_checkpoint_of_the_same_lease_and_step_means_superseded() throws Exception {
    var lease = open("a");
    ledger.publish(lease, checkpoints.write(10, "ten", 0.5));

    assertThatThrownBy(() -> ledger.publish(lease, checkpoints.write(10, "another ten", 0.5)))
        .isInstanceOf(Superseded.class)
        .hasMessageContaining("000001/0000000010.json holds another checkpoint");
  }

  @Test
  void a_local_file_that_changed_after_its_manifest_is_not_published() throws Exception {
    var lease = open("a");
    var local = checkpoints.write(10, "ten", 0.5);
    Files.writeString(local.resolve("rng.json"), "flipped");

    assertThatThrownBy(() -> ledger.publish(lease, local))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("rng.json is not what its manifest says");
    assertThat(ledger.newestGood(ROWS)).isEmpty();
  }

  @Test
  void another_namespace_waits_until_the_lease_has_ended_or_is_known_to_be_over() throws Exception {
    var theirs = ledger.open(new Opening(new Holder("staging", "run", "1"), "host", ROWS, 0));

    assertThatThrownBy(() -> open("a"))
        .isInstanceOf(HeldElsewhere.class)
        .hasMessageContaining("held by namespace staging (lease 1");
    assertThat(ledger.open(new Opening(holder("expired"), "host", ROWS, theirs.number())).number())
        .isEqualTo(2);
  }

  @Test
  void an_ended_lease_of_another_namespace_holds_nothing() throws Exception {
    var theirs = ledger.open(new Opening(new Holder("staging", "run", "1"), "host", ROWS, 0));
    ledger.end(theirs.number());

    assertThat(open("a").number()).isEqualTo(2);
  }

  private LeaseRecord open(String activity) throws IOException, HeldElsewhere {
    return ledger.open(new Opening(holder(activity), "host", ROWS, 0));
  }

  private void openQuietly(String activity) {
    try {
      open(activity);
    } catch (IOException | HeldElsewhere e) {
      throw new AssertionError(e);
    }
  }

  private static Holder holder(String activity) {
    return new Holder("fettle", "workflow-run", activity);
  }

  private void truncate(String key) {
    var body = store.find(key).orElseThrow();
    store.put(key, Arrays.copyOf(body, body.length / 2));
  }
}
