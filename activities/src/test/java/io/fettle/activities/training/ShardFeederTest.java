package io.fettle.activities.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.fettle.activities.staging.Staging;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.training.shards.Feed;
import io.fettle.activities.training.shards.ShardFeeder;
import io.fettle.activities.training.shards.Shards;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardFeederTest {
  @TempDir Path folder;
  private ObjectStore store;
  private Reference dataset;
  private Path shards;
  private ShardFeeder feeder;

  @BeforeEach
  void upload() throws IOException {
    store = Stores.open(folder.resolve("store").toUri());
    var rows = Files.createDirectories(folder.resolve("dataset/train"));
    for (int shard = 0; shard < 4; shard++) {
      Files.writeString(rows.resolve("0000%d.jsonl".formatted(shard)), "rows of " + shard);
    }
    Files.writeString(rows.resolve("index.json"), "{}");
    dataset = Staging.uploadTree(store, rows.getParent(), ObjectStore.OBJECTS);
    shards = Files.createDirectories(folder.resolve("shards"));
    feeder = new ShardFeeder(store, dataset, shards);
  }

  private void wants(String... names) throws IOException {
    Files.write(
        shards.resolve("wanted.json"),
        Wire.mapper().writeValueAsBytes(Map.of("shards", List.of(names))));
  }

  private List<String> there() throws IOException {
    try (var files = Files.list(shards)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".jsonl"))
          .sorted()
          .toList();
    }
  }

  @Test
  void a_trainer_that_wants_nothing_gets_nothing() throws IOException {
    feeder.feed();

    assertThat(there()).isEmpty();
  }

  @Test
  void what_is_wanted_comes_and_what_is_no_longer_goes() throws IOException {
    wants("00002.jsonl", "00000.jsonl");
    feeder.feed();
    assertThat(there()).containsExactly("00000.jsonl", "00002.jsonl");

    wants("00000.jsonl", "00003.jsonl");
    feeder.feed();

    assertThat(there()).containsExactly("00000.jsonl", "00003.jsonl");
    assertThat(shards.resolve("00003.jsonl")).hasContent("rows of 3");
  }

  @Test
  void a_shard_that_the_dataset_does_not_have_is_named() throws IOException {
    wants("../../x.jsonl");

    assertThatIOException().isThrownBy(feeder::feed).withMessageContaining("../../x.jsonl");
  }

  @Test
  void a_damaged_shard_is_told_and_what_runs_after_the_end_writes_nothing() throws Exception {
    wants("00001.jsonl");
    try (var blobs = Files.walk(folder.resolve("store/objects"))) {
      for (var blob : blobs.filter(Files::isRegularFile).toList()) {
        if (Files.readString(blob).equals("rows of 1")) {
          Files.writeString(blob, "rows 0f 1");
        }
      }
    }
    var told = new CompletableFuture<String>();
    var feed = new Feed(1, feeder, Duration.ofMillis(10), told::complete);

    feed.begin();

    assertThat(told.get(10, TimeUnit.SECONDS)).contains("damaged");
    feed.end();
    wants("00002.jsonl");
    Thread.sleep(100);
    assertThat(there()).isEmpty();
  }

  @Test
  void a_dataset_is_streamed_where_its_shards_take_more_than_their_share_of_the_disk()
      throws IOException {
    var little = new Inputs(store, folder.resolve("little"), 0);
    var enough = new Inputs(store, folder.resolve("enough"), 0.5);

    assertThat(Shards.isLeftOut(little.stage(dataset, _ -> {}).folder())).isTrue();
    assertThat(Shards.isLeftOut(little.stage(dataset, _ -> {}).folder())).isTrue();
    assertThat(Shards.isLeftOut(enough.stage(dataset, _ -> {}).folder())).isFalse();
  }
}
