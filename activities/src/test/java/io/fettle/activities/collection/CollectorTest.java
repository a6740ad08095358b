package io.fettle.activities.collection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.collection.Collector.Garbage;
import io.fettle.activities.collection.Collector.Roots;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectorTest {
  private static final Duration GRACE = Duration.ofHours(24);
  private static final Roots NOTHING = text -> {};

  @TempDir Path directory;
  private ObjectStore store;
  private Collector collector;

  @BeforeEach
  void prepare() throws IOException {
    store = Stores.open(directory.resolve("store").toUri());
    collector = new Collector(store, GRACE);
  }

  @Test
  void what_nothing_refers_to_goes_and_what_anything_reaches_stays() throws Exception {
    var weights = blob("weights");
    var model = tree("model.safetensors", weights);
    var lostWeights = blob("lost weights");
    var lost = tree("model.safetensors", lostWeights);
    var byStep = blob("a dataset's report");
    var document = blob("{\"plan\":\"%s\"}".formatted(byStep.uri()));
    store.put("runs/r-1/executions/e/record.json", naming(model));
    store.put("steps/merge/abc.json", naming(document));
    age();

    var garbage = collector.mark(NOTHING);
    var deleted = collector.sweep(garbage, NOTHING);

    assertThat(deleted)
        .extracting(Garbage::sha256)
        .containsExactlyInAnyOrder(lostWeights.sha256(), lost.sha256());
    assertThat(deleted)
        .extracting(Garbage::kind)
        .containsExactlyInAnyOrder("weights", "documents and logs");
    for (var kept : List.of(weights, model, byStep, document)) {
      assertThat(store.read(kept)).isNotEmpty();
    }
    assertThat(collector.mark(NOTHING)).isEmpty();
  }

  @Test
  void what_is_younger_than_the_grace_stays() throws Exception {
    blob("just uploaded by a live step");

    assertThat(collector.mark(NOTHING)).isEmpty();
  }

  @Test
  void a_blob_that_becomes_referenced_between_the_two_marks_survives() throws Exception {
    var wanted = blob("wanted late");
    var unwanted = blob("never wanted");
    age();
    var garbage = collector.mark(NOTHING);
    assertThat(garbage).hasSize(2);

    store.put("steps/train/late.json", naming(wanted));

    assertThat(collector.sweep(garbage, NOTHING))
        .extracting(Garbage::sha256)
        .containsExactly(unwanted.sha256());
    assertThat(store.read(wanted)).isNotEmpty();
  }

  @Test
  void a_blob_that_is_put_again_between_the_two_marks_survives() throws Exception {
    var again = blob("the same spec as last year");
    age();
    var garbage = collector.mark(NOTHING);

    blob("the same spec as last year");

    assertThat(collector.sweep(garbage, NOTHING)).isEmpty();
    assertThat(store.read(again)).isNotEmpty();
    assertThat(collector.mark(NOTHING)).as("it is young again").isEmpty();
  }

  @Test
  void an_open_workflow_keeps_what_only_its_history_names() throws Exception {
    var spec = blob("name: live");
    age();

    assertThat(collector.mark(text -> text.accept(("xx" + spec.uri() + "yy").getBytes(UTF_8))))
        .isEmpty();
    assertThat(collector.mark(NOTHING)).hasSize(1);
  }

  @Test
  void an_alias_keeps_a_model_that_it_names_by_the_beginning_of_its_hash() throws Exception {
    var model = tree("model.safetensors", blob("served"));
    store.put(
        "endpoints/support/000001.json",
        "{\"modelId\":\"r-1@%s\"}".formatted(model.shortHash()).getBytes(UTF_8));
    age();

    assertThat(collector.mark(NOTHING)).isEmpty();
  }

  @Test
  void checkpoints_are_left_to_their_ledger() throws Exception {
    var checkpoint = store.putBlob("runs/r-1/objects", "weights".getBytes(UTF_8));
    age();

    assertThat(collector.mark(NOTHING)).isEmpty();
    assertThat(store.read(checkpoint)).isNotEmpty();
  }

  @Test
  void references_on_every_seam_of_a_large_document_are_found() throws Exception {
    var random = new Random(7);
    var body = new StringBuilder("{\"x\":\"");
    var named = new ArrayList<Reference>();
    while (body.length() < 10_000_000) {
      var blob = blob("blob " + named.size());
      named.add(blob);
      body.append("-".repeat(100_000 + random.nextInt(100_000))).append(blob.sha256()).append('"');
    }
    store.put("steps/prepare/large.json", naming(blob(body.toString())));
    age();

    assertThat(collector.mark(NOTHING)).isEmpty();
  }

  private Reference blob(String text) throws IOException {
    return store.putBlob(text.getBytes(UTF_8));
  }

  private Reference tree(String path, Reference file) throws IOException {
    return blob(
        "{\"files\":[{\"path\":\"%s\",\"bytes\":1,\"sha256\":\"%s\"}]}"
            .formatted(path, file.sha256()));
  }

  private static byte[] naming(Reference reference) {
    return "{\"uri\":\"%s\"}".formatted(reference.uri()).getBytes(UTF_8);
  }

  /** Everything is two days old. */
  private void age() throws IOException {
    var then = FileTime.from(Instant.now().minus(GRACE.multipliedBy(2)));
    try (var files = Files.walk(directory.resolve("store"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, then);
      }
    }
  }
}
