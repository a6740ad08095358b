package io.fettle.activities.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a folder in place of a bucket; the same on real servers is the benchmarks' test. */
class RemoteFolderTest {
  @TempDir Path folder;
  private ObjectStore store;
  private RemoteFolder remote;

  @BeforeEach
  void open() throws IOException {
    var root = Files.createDirectory(folder.resolve("model")).toUri();
    store = Stores.open(root);
    remote = new RemoteFolder(root, name -> !name.endsWith(".bin"));
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  @Test
  void an_address_is_a_name_in_a_bucket_with_or_without_a_slash_at_its_end() throws IOException {
    var root = URI.create("gs://my_bucket/models/base/");

    assertThat(RemoteFolder.of("gs://my_bucket/models/base", _ -> true).root()).isEqualTo(root);
    assertThat(RemoteFolder.of("gs://my_bucket/models/base/", _ -> true).root()).isEqualTo(root);
    assertThat(RemoteFolder.of("s3://whole/", _ -> true).root())
        .isEqualTo(URI.create("s3://whole/"));
    assertThatThrownBy(() -> RemoteFolder.of("s3://", _ -> true)).hasMessageContaining("address");
  }

  @Test
  void what_is_wanted_comes_and_is_heard_of() throws IOException {
    put("config.json", "{}");
    put("model.bin", "weights");
    put("deep/file.txt", "text");
    var arrived = new LongAdder();

    remote.fetch(Access.USUAL, folder.resolve("here"), arrived::add);

    assertThat(folder.resolve("here/config.json")).hasContent("{}");
    assertThat(folder.resolve("here/deep/file.txt")).hasContent("text");
    assertThat(folder.resolve("here/model.bin")).doesNotExist();
    assertThat(arrived.sum()).isEqualTo(6);
  }

  @Test
  void its_state_is_another_one_after_each_change_of_what_is_wanted() throws IOException {
    put("config.json", "{}");
    var first = remote.state(Access.USUAL);
    put("model.bin", "weights");
    assertThat(remote.state(Access.USUAL)).isEqualTo(first);

    put("tokenizer.json", "{}");
    var second = remote.state(Access.USUAL);
    store.delete("tokenizer.json");
    put("config.json", "{ }");

    assertThat(second).isNotEqualTo(first);
    assertThat(remote.state(Access.USUAL)).isNotIn(first, second);
  }

  @Test
  void what_lies_there_is_told_with_its_size_in_the_order_of_names() throws IOException {
    put("b/rows.jsonl", "{}");
    put("a.csv", "x");
    put("model.bin", "weights");

    assertThat(remote.contents(Access.USUAL).bytes().toString())
        .isEqualTo("{a.csv=1, b/rows.jsonl=2}");
  }

  @Test
  void where_nothing_is_the_address_is_told() {
    assertThatThrownBy(() -> remote.state(Access.USUAL))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(remote.root().toString());
  }

  private void put(String key, String text) throws IOException {
    store.put(key, text.getBytes(StandardCharsets.UTF_8));
  }
}
