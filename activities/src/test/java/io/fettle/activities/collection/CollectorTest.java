package io.fettle.activities.collection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.collection.Collector.Garbage;
import io.fettle.activities.collection.Collector.Roots;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
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
  void scores_stay_whole_while_a_run_names_their_judge_and_go_when_nothing_does() throws Exception {
    var asked = List.of(scores("asked", "5"), scores("asked", "4"));
    var forgotten = List.of(scores("forgotten", "5"), scores("forgotten", "3"));
    store.put("runs/r-1/executions/e/scores.json", judge("asked").getBytes(UTF_8));
    age();
    var young = scores("forgotten", "just scored");

    var garbage = collector.mark(NOTHING);

    assertThat(garbage).extracting(Garbage::key).containsExactlyInAnyOrderElementsOf(forgotten);
    assertThat(garbage).extracting(Garbage::kind).containsOnly("scores of judges");
    assertThat(collector.sweep(garbage, NOTHING)).hasSize(2);
    assertThat(store.list("scores/"))
        .extracting(StoredObject::key)
        .containsExactlyInAnyOrder(asked.get(0), asked.get(1), young);
    assertThat(collector.mark(NOTHING)).isEmpty();
  }

  @Test
  void scores_that_a_run_asks_for_between_the_two_marks_survive() throws Exception {
    var wanted = scores("wanted late", "5");
    age();
    var garbage = collector.mark(NOTHING);
    assertThat(garbage).hasSize(1);

    store.put("runs/r-1/executions/e/scores.json", judge("wanted late").getBytes(UTF_8));

    assertThat(collector.sweep(garbage, NOTHING)).isEmpty();
    assertThat(store.find(wanted)).isPresent();
  }

  @Test
  void what_scores_say_keeps_no_blob() throws Exception {
    var blob = blob("a blob whose hash a row has by chance");
    scores("judge", blob.sha256());
    age();

    assertThat(collector.mark(NOTHING)).extracting(Garbage::key).anyMatch(blobKey(blob)::equals);
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

  private static String judge(String name) {
    return "scores/" + Stores.sha256(name.getBytes(UTF_8)) + "/";
  }

  private String scores(String judge, String lines) throws IOException {
    var key = judge(judge) + Stores.sha256(lines.getBytes(UTF_8)) + ".jsonl";
    store.put(key, lines.getBytes(UTF_8));
    return key;
  }

  private static String blobKey(Reference blob) {
    return "objects/sha256/%s/%s".formatted(blob.sha256().substring(0, 2), blob.sha256());
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
