package io.fettle.activities.training.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.training.ledger.LeaseRecord.Holder;
import io.fettle.activities.training.ledger.Ledger.Opening;
import io.fettle.activities.training.ledger.Ledger.Published;
import io.fettle.activities.training.ledger.Ledger.Standing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The newest checkpoints of a real store are damaged; whoever opens goes on from the one before.
 */
class FallbackTest {
  private static final String ROWS = "input-of-these-rows";
  private static final int PUBLISHED = 5;

  @TempDir Path directory;
  private ObjectStore store;
  private Ledger ledger;
  private LeaseRecord first;
  private final List<Published> published = new ArrayList<>();

  /** What can have happened to a checkpoint. */
  enum Damage {
    MANIFEST_TORN,
    MANIFEST_EMPTY,
    MANIFEST_FLIPPED,
    OBJECT_TRUNCATED,
    OBJECT_FLIPPED,
    OBJECT_MISSING,
    EVERY_OBJECT_MISSING
  }

  @BeforeEach
  void publish() throws Exception {
    store = Stores.open(directory.resolve("store").toUri());
    ledger = new Ledger(store, "run", Clock.systemUTC());
    first = open("a");
    var local = new LocalCheckpoints(directory);
    for (int i = 1; i <= PUBLISHED; i++) {
      published.add(ledger.publish(first, local.write(i * 10L, "weights " + i, 1.0 / i)));
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_one_before_the_damaged_ones_is_gone_on_from(Damage damage) throws Exception {
    for (int k = 1; k < PUBLISHED; k++) {
      harm(published.get(PUBLISHED - k), damage);
      var before = published.get(PUBLISHED - k - 1);

      var lease = open("after " + k);

      assertThat(lease.resumeFrom())
          .as("%s of the newest %d", damage, k)
          .isEqualTo(before.reference());
      assertThat(ledger.newestGood(ROWS)).contains(before);
      assertThat(ledger.best(ROWS)).contains(before);
    }
    harm(published.getFirst(), damage);
    assertThat(open("after all").resumeFrom()).as("nothing is left: from step 0").isNull();
  }

  /** On one thread the successor writes the same bytes again, so under the same names. */
  @ParameterizedTest
  @EnumSource(names = "OBJECT_.*", mode = EnumSource.Mode.MATCH_ALL)
  void what_is_published_again_over_a_damaged_object_is_whole(Damage damage) throws Exception {
    harm(published.getLast(), damage);
    var successor = open("b");

    var again =
        ledger.publish(
            successor,
            new LocalCheckpoints(directory.resolve("again"))
                .write(PUBLISHED * 10L, "weights " + PUBLISHED, 1.0 / PUBLISHED));

    assertThat(ledger.newestGood(ROWS)).contains(again);
  }

  @ParameterizedTest
  @CsvSource({
    "OBJECT_FLIPPED,true,BROKEN_OBJECT",
    "OBJECT_FLIPPED,false,RESUME_POINT",
    "OBJECT_TRUNCATED,false,BROKEN_OBJECT",
    "MANIFEST_FLIPPED,false,BROKEN_MANIFEST"
  })
  void a_survey_sees_what_it_looks_for(Damage damage, boolean reads, Standing standing)
      throws Exception {
    harm(published.getLast(), damage);

    assertThat(ledger.survey(reads).getLast().standing()).isEqualTo(standing);
  }

  private void harm(Published checkpoint, Damage damage) throws IOException {
    var manifest = store.key(checkpoint.reference().uri());
    var objects =
        checkpoint.manifest().files().stream()
            .map(file -> new LedgerKeys("run").object(file.sha256()))
            .toList();
    switch (damage) {
      case MANIFEST_TORN -> cut(manifest, 2);
      case MANIFEST_EMPTY -> store.put(manifest, new byte[0]);
      case MANIFEST_FLIPPED -> flip(manifest);
      case OBJECT_TRUNCATED -> cut(objects.getFirst(), 2);
      case OBJECT_FLIPPED -> flip(objects.getLast());
      case OBJECT_MISSING -> store.delete(objects.getFirst());
      case EVERY_OBJECT_MISSING -> {
        for (var object : objects) {
          store.delete(object);
        }
      }
    }
  }

  private void cut(String key, int into) throws IOException {
    var body = store.find(key).orElseThrow();
    store.put(key, Arrays.copyOf(body, body.length / into));
  }

  private void flip(String key) throws IOException {
    var body = store.find(key).orElseThrow();
    body[body.length / 2] ^= 0x10;
    store.put(key, body);
  }

  private LeaseRecord open(String activity) throws Exception {
    return ledger.open(new Opening(new Holder("fettle", "run", activity), "host", ROWS, 0));
  }
}
