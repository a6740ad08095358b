package io.fettle.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On folders of this machine; the same commands on real servers are the benchmarks' tests. */
class StoreCommandsTest extends CommandTest {
  @Test
  void cp_takes_a_folder_with_all_below_it_and_says_what_it_left_out() throws IOException {
    write("from/a.txt", "one");
    write("from/deep/er/b.txt", "two!");
    write("from/.draft", "not yet");

    assertThat(fettle("store", "cp", at("from"), at("to"))).isZero();

    assertThat(folder.resolve("to/a.txt")).hasContent("one");
    assertThat(folder.resolve("to/deep/er/b.txt")).hasContent("two!");
    assertThat(folder.resolve("to/.draft")).doesNotExist();
    assertThat(out.toString())
        .contains("copied 2 objects, 7 B")
        .contains("left out 1 whose names begin with a dot");
  }

  @Test
  void cp_of_one_file_keeps_its_name_in_a_folder_and_takes_the_targets_name_elsewhere()
      throws IOException {
    write("rows.jsonl", "{}");

    assertThat(fettle("store", "cp", at("rows.jsonl"), at("new") + "/")).isZero();
    assertThat(fettle("store", "cp", at("rows.jsonl"), at("other.jsonl"))).isZero();

    assertThat(folder.resolve("new/rows.jsonl")).hasContent("{}");
    assertThat(folder.resolve("other.jsonl")).hasContent("{}");
  }

  @Test
  void cp_counts_for_machines_as_well() throws Exception {
    write("from/a.txt", "one");

    assertThat(fettle("store", "cp", "--json", at("from"), at("to"))).isZero();

    assertThat(lastLine().path("count").asInt()).isEqualTo(1);
    assertThat(lastLine().path("bytes").asLong()).isEqualTo(3);
  }

  @Test
  void ls_folds_folders_with_their_sizes_and_opens_them_when_it_is_asked_to() throws Exception {
    write("s/a.txt", "one");
    write("s/deep/b.txt", "two!");
    write("s/deep/er/c.txt", "three");

    assertThat(fettle("store", "ls", at("s"))).isZero();
    assertThat(out.toString())
        .containsPattern("9 B +2 objects +deep/")
        .containsPattern("3 B +a.txt")
        .contains("3 objects, 12 B");

    assertThat(fettle("store", "ls", "--recursive", "--json", at("s"))).isZero();
    assertThat(lastLine().path("lines").findValuesAsText("name"))
        .containsExactly("a.txt", "deep/b.txt", "deep/er/c.txt");
  }

  @Test
  void verify_names_what_is_damaged_and_fails() throws Exception {
    try (var store = store()) {
      store.putBlob("weights".getBytes(UTF_8));
      var blob = store.putBlob("rows".getBytes(UTF_8));
      assertThat(fettle("store", "verify", at("store"))).isZero();
      assertThat(out.toString()).contains("2 sound, 0 without a hash, 0 damaged");

      Files.writeString(folder.resolve("store").resolve(store.key(blob.uri())), "r0ws");
      assertThat(fettle("store", "verify", "--json", at("store"))).isEqualTo(1);
      assertThat(lastLine().path("ok").asBoolean()).isFalse();
      assertThat(lastLine().path("damaged").get(0).asText()).endsWith(blob.sha256());
      assertThat(err.toString()).contains("DAMAGED").contains("publish it again");
    }
  }

  @Test
  void probe_says_what_a_folder_keeps() throws Exception {
    var address = folder.resolve("store").toUri().toString();

    assertThat(fettle("store", "probe", address)).isZero();
    assertThat(out.toString()).contains("keeps what leases, claims and aliases rest on");
    assertThat(fettle("store", "probe", "--all", "--json", address)).isZero();
    assertThat(lastLine().path("promises")).hasSizeGreaterThan(20);
    try (var store = store()) {
      assertThat(store.list("")).as("left behind").isEmpty();
    }
  }

  @Test
  void what_is_not_there_is_told_with_its_address() {
    for (var command : new String[] {"ls", "verify"}) {
      assertThat(fettle("store", command, at("nowhere"))).isEqualTo(2);
      assertThat(err.toString()).contains("nothing is at " + at("nowhere"));
    }
    assertThat(fettle("store", "cp", at("nowhere"), at("to"))).isEqualTo(2);
    assertThat(err.toString()).contains("nothing is at " + at("nowhere"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://host/x", "s3:///x", "s3://b/%zz", "https://host/x"})
  void an_address_that_is_none_is_refused_with_those_that_are(String address) {
    assertThat(fettle("store", "ls", address)).isEqualTo(2);
    assertThat(err.toString()).contains(address);
  }

  @Test
  void an_endpoint_without_a_host_is_refused() {
    assertThat(fettle("store", "ls", "--endpoint", "s3=nowhere", "s3://bucket/x")).isEqualTo(2);
    assertThat(err.toString()).contains("--endpoint").contains("https://host");
  }

  private ObjectStore store() throws IOException {
    return Stores.open(folder.resolve("store").toUri());
  }

  private void write(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
  }
}
