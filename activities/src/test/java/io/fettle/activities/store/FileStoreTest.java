package io.fettle.activities.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileStoreTest {
  @TempDir Path folder;
  private ObjectStore store;

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.resolve("st ore").toUri());
  }

  @Test
  void the_first_put_wins_and_the_second_is_told_so() throws IOException {
    assertThat(store.putIfAbsent("leases/000001.json", bytes("first"))).isTrue();
    assertThat(store.putIfAbsent("leases/000001.json", bytes("second"))).isFalse();
    assertThat(store.find("leases/000001.json")).contains(bytes("first"));
  }

  @Test
  void a_put_replaces_and_a_list_right_after_it_sees_the_new_size() throws IOException {
    store.put("a/x.json", bytes("1"));
    store.put("a/x.json", bytes("22"));
    store.put("a/y.alive", bytes("333"));
    assertThat(store.list("a/"))
        .extracting(StoredObject::key)
        .containsExactly("a/x.json", "a/y.alive");
    assertThat(store.list("a/x")).extracting(StoredObject::bytes).containsExactly(2L);
    assertThat(store.list("")).hasSize(2);
    assertThat(store.list("nothing/here/")).isEmpty();
    assertThat(store.head("a/x.json")).map(StoredObject::bytes).contains(2L);
  }

  @Test
  void a_prefix_is_a_string_and_not_a_folder() throws IOException {
    for (String key : List.of("runs/a-1/x", "runs/a-10/x", "runs/b/x", "run/x")) {
      store.put(key, bytes(key));
    }
    assertThat(store.list("runs/a-1"))
        .extracting(StoredObject::key)
        .containsExactly("runs/a-1/x", "runs/a-10/x");
    assertThat(store.list("run")).extracting(StoredObject::key).contains("run/x", "runs/b/x");
  }

  @Test
  void no_key_becomes_a_folder_of_another() throws IOException {
    store.put("a/b", bytes("x"));
    assertThatIOException()
        .isThrownBy(() -> store.put("a", bytes("y")))
        .withMessageContaining("folder of other keys");
    assertThatIOException()
        .isThrownBy(() -> store.putIfAbsent("a", bytes("y")))
        .withMessageContaining("folder");
    assertThatIOException()
        .isThrownBy(() -> store.put("a/b/c", bytes("y")))
        .withMessageContaining("a/b/c");
    assertThat(store.find("a")).isEmpty();
    assertThat(store.find("a/b/c")).isEmpty();
    assertThat(store.head("a")).isEmpty();
    store.delete("a");
    assertThat(store.find("a/b")).isPresent();
  }

  @Test
  void a_blob_is_named_by_its_hash_and_read_back_verified() throws IOException {
    Reference blob = store.putBlob(bytes("weights"));
    assertThat(store.key(blob.uri()))
        .isEqualTo("objects/sha256/" + blob.sha256().substring(0, 2) + "/" + blob.sha256());
    assertThat(store.read(blob)).isEqualTo(bytes("weights"));
    assertThat(store.putBlob(bytes("weights"))).isEqualTo(blob);
  }

  @Test
  void a_damaged_blob_is_refused_and_healed_by_the_next_put_of_the_same_bytes() throws IOException {
    Reference blob = store.putBlob("runs/r/objects", bytes("weights"));
    Path target = folder.resolve("copy");
    store.put(store.key(blob.uri()), bytes("weighty"));

    assertThatIOException()
        .isThrownBy(() -> store.read(blob))
        .isInstanceOf(ObjectStore.CorruptObject.class);
    assertThatIOException()
        .isThrownBy(() -> store.download(blob, target))
        .isInstanceOf(ObjectStore.CorruptObject.class);
    assertThat(folder)
        .isDirectoryNotContaining(path -> path.getFileName().toString().contains("download"));
    assertThat(target).doesNotExist();

    store.putBlob("runs/r/objects", bytes("weights"));
    store.download(blob, target);
    assertThat(target).hasBinaryContent(bytes("weights"));
  }

  @Test
  void a_missing_blob_is_named() throws IOException {
    var nowhere = new Reference(store.uri("objects/sha256/aa/aa"), "aa");
    assertThatIOException()
        .isThrownBy(() -> store.read(nowhere))
        .isInstanceOf(ObjectStore.MissingObject.class);
    assertThatIOException()
        .isThrownBy(() -> store.download(nowhere, folder.resolve("x")))
        .isInstanceOf(ObjectStore.MissingObject.class)
        .withMessageContaining("objects/sha256/aa/aa");
  }

  @Test
  void files_go_in_and_come_out_whole() throws IOException {
    byte[] large = new byte[3_000_001];
    java.util.Arrays.fill(large, (byte) 7);
    Path file = Files.write(folder.resolve("file"), large);
    Reference blob = store.putBlob(file);
    store.upload("models/named.bin", file);
    Path copy = folder.resolve("deep/er/copy");
    store.download(blob, copy);
    assertThat(copy).hasBinaryContent(large);
    assertThat(store.find("models/named.bin")).contains(large);
  }

  @Test
  void a_deleted_object_is_gone_and_deleting_again_is_nothing() throws IOException {
    store.put("x/y", bytes("1"));
    store.delete("x/y");
    store.delete("x/y");
    assertThat(store.find("x/y")).isEmpty();
    assertThat(store.list("")).isEmpty();
  }

  @Test
  void addresses_and_keys_translate_both_ways() {
    assertThat(store.root().toString()).startsWith("file:///").endsWith("/st%20ore/");
    assertThat(store.key(store.uri("runs/a@1/x+y=z.json"))).isEqualTo("runs/a@1/x+y=z.json");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> store.key(URI.create("file:///elsewhere/a")))
        .withMessageContaining("not in the store");
  }

  @Test
  void only_whole_objects_are_left_behind() throws IOException {
    store.put("a", bytes("1"));
    store.putIfAbsent("b", bytes("1"));
    store.putIfAbsent("b", bytes("2"));
    store.putBlob(bytes("3"));
    try (Stream<Path> left = Files.list(folder.resolve("st ore/.tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void a_store_that_is_no_folder_or_of_another_kind_is_refused_in_a_sentence() throws IOException {
    Path file = Files.writeString(folder.resolve("plain"), "x");
    assertThatIOException()
        .isThrownBy(() -> Stores.open(file.toUri()))
        .withMessageContaining("cannot open it");
    assertThatIOException()
        .isThrownBy(() -> Stores.open(URI.create("ftp://host/x")))
        .withMessageContaining("use file:///absolute/folder");
  }

  @Test
  void a_sound_store_passes_the_probe_and_nothing_of_it_remains() throws Exception {
    try (ObjectStore probed = Stores.openProbed(store.root())) {
      assertThat(probed.list("probes/")).isEmpty();
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void a_store_without_a_bucket_is_refused() {
    assertThatIOException()
        .isThrownBy(() -> Stores.open(URI.create("s3:///runs")))
        .withMessageContaining("not an address of a bucket");
  }

  /** Drafts come and go under the look at them. */
  @Test
  void a_store_opens_while_others_write_to_it() throws Exception {
    var root = folder.resolve("busy").toUri();
    var isOpen = new AtomicBoolean(true);
    try (var writing = Stores.open(root);
        var writers = Executors.newFixedThreadPool(4)) {
      for (int writer = 0; writer < 4; writer++) {
        var key = "of-" + writer + ".claim"; // not forced to the disk, so often
        var _ =
            writers.submit(
                () -> {
                  while (isOpen.get()) {
                    writing.put(key, bytes("x"));
                  }
                  return key;
                });
      }
      try {
        for (int round = 0; round < 300; round++) {
          Stores.open(root).close();
        }
      } finally {
        isOpen.set(false);
      }
    }
  }

  /** Who reads finds it or finds nothing, and does not fail because it came in between. */
  @Test
  void what_comes_and_goes_is_there_or_not() throws Exception {
    var isOpen = new AtomicBoolean(true);
    try (var writer = Executors.newSingleThreadExecutor()) {
      var writes =
          writer.submit(
              () -> {
                while (isOpen.get()) {
                  store.put("some.claim", bytes("x")); // not forced to the disk, so often
                  store.delete("some.claim");
                }
                return true;
              });
      try {
        for (int round = 0; round < 20_000; round++) {
          store.find("some.claim");
          store.head("some.claim");
          store.check("some.claim", Stores.sha256(bytes("x")));
        }
      } finally {
        isOpen.set(false);
      }
      assertThat(writes.get()).isTrue();
    }
  }
}
