package io.fettle.activities.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.fettle.activities.Forked;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StagingTest {
  private static final String WEIGHTS = "w".repeat(1_000);

  @TempDir Path folder;
  private ObjectStore store;
  private Path cache;
  private Path model;

  @BeforeEach
  void makeAModel() throws IOException {
    store = Stores.open(folder.resolve("store").toUri());
    cache = folder.resolve("cache");
    model = Files.createDirectories(folder.resolve("model/tokenizer")).getParent();
    Files.writeString(model.resolve("config.json"), "{}");
    Files.writeString(model.resolve("model.safetensors"), WEIGHTS);
    Files.writeString(model.resolve("tokenizer/tokenizer.json"), "tokens");
  }

  @Test
  void a_folder_comes_back_as_it_was_and_a_warm_host_fetches_nothing() throws IOException {
    Reference manifest = Staging.uploadTree(store, model, "objects");
    Tree cold = Staging.stageTree(store, manifest, cache, folder.resolve("a"));
    Tree warm = Staging.stageTree(store, manifest, cache, folder.resolve("b"));
    assertSameAsModel(folder.resolve("a"));
    assertSameAsModel(folder.resolve("b"));
    assertThat(List.of(cold.bytesFetched(), cold.bytesReused())).containsExactly(1_008L, 0L);
    assertThat(List.of(warm.bytesFetched(), warm.bytesReused())).containsExactly(0L, 1_008L);
    assertThat(Files.isSameFile(folder.resolve("a/config.json"), folder.resolve("b/config.json")))
        .isTrue();
  }

  @Test
  void the_same_folder_uploaded_twice_is_one_manifest_and_a_run_keeps_its_blobs_to_itself()
      throws IOException {
    Reference first = Staging.uploadTree(store, model, "runs/r/objects");
    assertThat(Staging.uploadTree(store, model, "runs/r/objects")).isEqualTo(first);
    assertThat(store.list(""))
        .extracting(StoredObject::key)
        .hasSize(4)
        .allMatch(key -> key.startsWith("runs/r/objects/sha256/"));
    assertThat(Staging.manifest(store, first).files())
        .extracting(TreeManifest.Entry::path)
        .containsExactly("config.json", "model.safetensors", "tokenizer/tokenizer.json");
    Staging.stageTree(store, first, cache, folder.resolve("a"));
    assertSameAsModel(folder.resolve("a"));
  }

  @Test
  void a_writable_copy_touches_neither_cache_nor_other_targets() throws IOException {
    Reference manifest = Staging.uploadTree(store, model, "objects");
    Staging.stageTree(store, manifest, cache, folder.resolve("read"));
    Staging.stageTree(store, manifest, cache, folder.resolve("write"), Staging.Access.WRITE);
    Path written = folder.resolve("write/config.json");
    assertThat(Files.getPosixFilePermissions(written))
        .contains(java.nio.file.attribute.PosixFilePermission.OWNER_WRITE);
    Files.writeString(written, "{\"changed\":true}");
    assertSameAsModel(folder.resolve("read"));
    assertThat(Staging.stageTree(store, manifest, cache, folder.resolve("again")).bytesFetched())
        .isZero();
  }

  @Test
  void a_cache_entry_that_is_torn_or_flipped_is_fetched_again() throws IOException {
    Reference manifest = Staging.uploadTree(store, model, "objects");
    Staging.stageTree(store, manifest, cache, folder.resolve("a"));
    overwriteInCache("wrong");
    Tree healed = Staging.stageTree(store, manifest, cache, folder.resolve("b"));
    assertThat(healed.bytesFetched()).isEqualTo(1_000);
    overwriteInCache("v".repeat(1_000));
    Tree healedAgain = Staging.stageTree(store, manifest, cache, folder.resolve("c"));
    assertThat(healedAgain.bytesFetched()).isEqualTo(1_000);
    assertSameAsModel(folder.resolve("b"), folder.resolve("c"));
  }

  @Test
  void a_target_that_is_whole_is_kept_and_one_that_is_not_is_replaced() throws IOException {
    Reference manifest = Staging.uploadTree(store, model, "objects");
    Path target = folder.resolve("a");
    Staging.stageTree(store, manifest, cache, target, Staging.Access.WRITE);
    var inode = Files.readAttributes(target.resolve("config.json"), "unix:ino");
    assertThat(Staging.stageTree(store, manifest, cache, target).bytesReused()).isEqualTo(1_008);
    assertThat(Files.readAttributes(target.resolve("config.json"), "unix:ino")).isEqualTo(inode);

    Files.writeString(target.resolve("extra"), "x");
    Staging.stageTree(store, manifest, cache, target);
    assertSameAsModel(target);
    Files.delete(target.resolve("tokenizer/tokenizer.json"));
    Staging.stageTree(store, manifest, cache, target);
    assertSameAsModel(target);
    assertThat(folder)
        .isDirectoryNotContaining(path -> path.getFileName().toString().startsWith("."));
  }

  @Test
  void a_blob_damaged_in_the_store_stops_the_stage_and_leaves_no_target() throws IOException {
    Reference manifest = Staging.uploadTree(store, model, "objects");
    String weights = Stores.sha256(model.resolve("model.safetensors"));
    store.put("objects/sha256/" + weights.substring(0, 2) + "/" + weights, new byte[1_000]);
    assertThatIOException()
        .isThrownBy(() -> Staging.stageTree(store, manifest, cache, folder.resolve("a")))
        .isInstanceOf(ObjectStore.CorruptObject.class)
        .withMessageContaining(weights);
    assertThat(folder.resolve("a")).doesNotExist();
  }

  @Test
  void stagers_that_race_all_get_the_whole_tree() throws Exception {
    Reference manifest = Staging.uploadTree(store, model, "objects");
    Process other =
        Forked.java(
            Stager.class,
            store.root().toString(),
            manifest.uri().toString(),
            manifest.sha256(),
            cache.toString(),
            folder.resolve("shared").toString());
    List<Future<Tree>> staged = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int n = 0; n < 8; n++) {
        Path target = folder.resolve(n % 2 == 0 ? "shared" : "own" + n);
        staged.add(threads.submit(() -> Staging.stageTree(store, manifest, cache, target)));
      }
    }
    for (Future<Tree> tree : staged) {
      assertSameAsModel(tree.get().folder());
    }
    assertThat(other.waitFor()).isZero();
    assertSameAsModel(folder.resolve("shared"));
  }

  @Test
  void links_are_followed_and_a_dead_one_is_named() throws IOException {
    Files.createSymbolicLink(model.resolve("linked.json"), model.resolve("config.json"));
    assertThat(Staging.manifest(store, Staging.uploadTree(store, model, "objects")).files())
        .hasSize(4);
    Files.createSymbolicLink(model.resolve("dead"), model.resolve("nowhere"));
    assertThatIOException()
        .isThrownBy(() -> Staging.uploadTree(store, model, "objects"))
        .withMessageContaining("dead cannot be uploaded");
  }

  private void overwriteInCache(String content) throws IOException {
    String weights = Stores.sha256(model.resolve("model.safetensors"));
    Path cached = cache.resolve("sha256").resolve(weights.substring(0, 2)).resolve(weights);
    Files.delete(cached);
    Files.writeString(cached, content);
  }

  private void assertSameAsModel(Path... staged) throws IOException {
    for (Path tree : staged) {
      try (Stream<Path> files = Files.walk(tree)) {
        assertThat(files.filter(Files::isRegularFile).map(file -> tree.relativize(file).toString()))
            .containsExactlyInAnyOrder(
                "config.json", "model.safetensors", "tokenizer/tokenizer.json");
      }
      assertThat(tree.resolve("model.safetensors")).hasContent(WEIGHTS);
      assertThat(tree.resolve("tokenizer/tokenizer.json")).hasContent("tokens");
    }
  }

  static final class Stager {
    public static void main(String[] args) throws IOException {
      try (ObjectStore store = Stores.open(URI.create(args[0]))) {
        Staging.stageTree(
            store, new Reference(URI.create(args[1]), args[2]), Path.of(args[3]), Path.of(args[4]));
      }
    }
  }
}
