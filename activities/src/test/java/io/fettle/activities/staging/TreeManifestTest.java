package io.fettle.activities.staging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TreeManifestTest {
  private static final String HASH = "ab".repeat(32);
  private static final TreeManifest SOUND =
      new TreeManifest(
          List.of(
              new TreeManifest.Entry("tokenizer/é.json", 7, HASH),
              new TreeManifest.Entry("config.json", 0, HASH),
              new TreeManifest.Entry("tokenizer/a", 1L << 40, HASH)));

  @Test
  void a_manifest_reads_back_sorted_by_path_and_ignores_what_it_does_not_know() throws IOException {
    assertThat(TreeManifest.decoded(SOUND.encoded())).isEqualTo(SOUND);
    assertThat(SOUND.files()).extracting(TreeManifest.Entry::path).isSorted();
    assertThat(new String(SOUND.encoded(), UTF_8))
        .startsWith("{\"files\":[{\"bytes\":0,\"path\":\"config.json\",\"sha256\":\"abab");
    String newer = new String(SOUND.encoded(), UTF_8).replaceFirst("\\{", "{\"format\":2,");
    assertThat(TreeManifest.decoded(newer.getBytes(UTF_8))).isEqualTo(SOUND);
    assertThat(SOUND.bytes()).isEqualTo((1L << 40) + 7);
  }

  @Test
  void a_large_file_has_a_sum_for_each_chunk_and_a_small_one_none() throws IOException {
    var large =
        new TreeManifest(
            List.of(
                new TreeManifest.Entry("a", (8 << 20) + 1, HASH, List.of("00ff00ff", "12345678"))));

    assertThat(TreeManifest.decoded(large.encoded())).isEqualTo(large);
    assertThat(new String(SOUND.encoded(), UTF_8)).doesNotContain("crc32c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "[\"00ff00ff\"]",
        "[\"00ff00ff\", \"0\"]",
        "[\"00FF00FF\", \"00ff00ff\"]",
        "7"
      })
  void sums_of_other_chunks_are_refused(String sums) {
    var body =
        "{\"files\":[{\"path\":\"a\",\"bytes\":8388609,\"sha256\":\"%s\",\"crc32c\":%s}]}"
            .formatted(HASH, sums);

    assertThatIOException()
        .isThrownBy(() -> TreeManifest.decoded(body.getBytes(UTF_8)))
        .withMessageContaining("other chunks");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/etc/passwd",
        "../x",
        "a/../../x",
        "a//b",
        "a/",
        "",
        ".",
        "a/./b",
        "..",
        "a\\u0000b"
      })
  void a_path_that_leaves_the_folder_is_refused(String path) {
    assertThatIOException()
        .isThrownBy(() -> read(entry(path, "1", HASH)))
        .withMessageContaining("no path inside a folder");
  }

  @ParameterizedTest
  @CsvSource({"-1", "1.5", "\"1\"", "null", "99999999999999999999"})
  void a_size_that_is_none_is_refused(String bytes) {
    assertThatIOException()
        .isThrownBy(() -> read(entry("a", bytes, HASH)))
        .withMessageContaining("has no size");
  }

  @Test
  void a_hash_that_is_none_two_files_of_one_name_and_a_file_that_is_a_folder_are_refused() {
    assertThatIOException()
        .isThrownBy(() -> read(entry("a", "1", "../" + HASH)))
        .withMessageContaining("no sha256");
    assertThatIOException()
        .isThrownBy(() -> read(entry("a", "1", HASH) + "," + entry("a", "2", HASH)))
        .withMessageContaining("a is there twice");
    assertThatIOException()
        .isThrownBy(() -> read(entry("a/b/c", "1", HASH) + "," + entry("a/b", "2", HASH)))
        .withMessageContaining("a/b is a file and a folder");
  }

  @Test
  void whatever_bytes_are_read_they_give_a_manifest_of_inner_paths_or_a_sentence()
      throws IOException {
    var random = new Random(99);
    byte[] sound = SOUND.encoded();
    int read = 0;
    for (int trial = 0; trial < 100_000; trial++) {
      byte[] bytes = mutated(sound, random);
      try {
        for (TreeManifest.Entry entry : TreeManifest.decoded(bytes).files()) {
          Path folder = Path.of("/target");
          assertThat(folder.resolve(entry.path()).normalize().startsWith(folder)).isTrue();
          assertThat(entry.bytes()).isNotNegative();
        }
        read++;
      } catch (IOException e) {
        assertThat(e).hasMessageStartingWith("tree manifest refused: ");
      }
    }
    assertThat(read).isGreaterThan(100);
  }

  private static byte[] mutated(byte[] sound, Random random) {
    String interesting = "{}[]\",:/.\\0e-";
    byte[] bytes =
        random.nextInt(4) == 0
            ? java.util.Arrays.copyOf(sound, random.nextInt(sound.length))
            : sound.clone();
    for (int n = random.nextInt(4); n > 0 && bytes.length > 0; n--) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          random.nextBoolean()
              ? (byte) random.nextInt(256)
              : (byte) interesting.charAt(random.nextInt(interesting.length()));
    }
    return bytes;
  }

  private static TreeManifest read(String entries) throws IOException {
    return TreeManifest.decoded(("{\"files\":[" + entries + "]}").getBytes(UTF_8));
  }

  private static String entry(String path, String bytes, String sha256) {
    return "{\"path\":\"" + path + "\",\"bytes\":" + bytes + ",\"sha256\":\"" + sha256 + "\"}";
  }
}
