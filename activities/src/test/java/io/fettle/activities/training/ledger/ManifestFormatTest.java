package io.fettle.activities.training.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.workflows.wire.Wire;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestFormatTest {
  private static final int TRIES = 5_000;
  private static final Manifest MANIFEST =
      new Manifest(
          1,
          "support-1a2b3c4d",
          3,
          120,
          "ab".repeat(32),
          "cd".repeat(32),
          1.5,
          400,
          0.75,
          0.5,
          true,
          List.of(
              new Manifest.File("adapter/adapter_model.safetensors", 1_000, "ef".repeat(32)),
              new Manifest.File("manifest.json", 10, "01".repeat(32))));

  @Test
  void what_was_written_is_read() {
    assertThat(ManifestFormat.read(ManifestFormat.write(MANIFEST))).contains(MANIFEST);
  }

  @Test
  void what_is_added_under_the_old_seal_is_no_manifest() throws Exception {
    var tree = Wire.mapper().readTree(ManifestFormat.write(MANIFEST));
    var more = (ObjectNode) tree;
    more.put("shards", 8);
    assertThat(ManifestFormat.read(Wire.mapper().writeValueAsBytes(more)))
        .as("under the old seal")
        .isEmpty();
  }

  /** Whatever happens to the bytes, nobody reads a checkpoint that nobody published. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void no_damage_reads_as_another_manifest(long seed) {
    var random = new Random(seed);
    var whole = ManifestFormat.write(MANIFEST);
    var damages = damages(random);
    for (int i = 0; i < TRIES; i++) {
      var body = whole;
      for (int times = random.nextInt(3); times >= 0; times--) {
        body = damages.get(random.nextInt(damages.size())).apply(body);
      }
      var read = ManifestFormat.read(body);
      assertThat(read.isEmpty() || Arrays.equals(body, whole))
          .as("%s reads as %s", new String(body, UTF_8), read)
          .isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "7",
        "\"seal\"",
        "{",
        "{}",
        "{\"seal\":null}",
        "{\"seal\":\"\"}"
      })
  void what_is_no_manifest_is_none(String text) {
    assertThat(ManifestFormat.read(text.getBytes(UTF_8))).isEmpty();
  }

  @Test
  void depth_and_noise_are_no_manifest() {
    assertThat(ManifestFormat.read("[".repeat(100_000).getBytes(UTF_8))).isEmpty();
    assertThat(ManifestFormat.read("{\"a\":".repeat(100_000).getBytes(UTF_8))).isEmpty();
    var random = new Random(4);
    for (int i = 0; i < TRIES; i++) {
      var noise = new byte[random.nextInt(400)];
      random.nextBytes(noise);
      assertThat(ManifestFormat.read(noise)).isEmpty();
    }
  }

  private static List<UnaryOperator<byte[]>> damages(Random random) {
    return List.of(
        body -> Arrays.copyOf(body, random.nextInt(body.length + 1)),
        body -> Arrays.copyOf(body, body.length + 1 + random.nextInt(8)),
        body -> changed(body, random, 1 << random.nextInt(8)),
        body -> changed(body, random, random.nextInt(256)),
        body -> digitsChanged(body, random),
        body -> spliced(body, random));
  }

  private static byte[] changed(byte[] body, Random random, int bits) {
    var copy = body.clone();
    if (copy.length > 0) {
      copy[random.nextInt(copy.length)] ^= (byte) bits;
    }
    return copy;
  }

  /** Still JSON: another number or another hash. */
  private static byte[] digitsChanged(byte[] body, Random random) {
    var copy = body.clone();
    for (int i = random.nextInt(copy.length + 1); i < copy.length; i++) {
      if (Character.isDigit(copy[i])) {
        copy[i] = (byte) ('0' + random.nextInt(10));
        return copy;
      }
    }
    return copy;
  }

  /** A piece of it twice, or a piece lost, as a sector may be. */
  private static byte[] spliced(byte[] body, Random random) {
    int from = random.nextInt(body.length + 1);
    int to = random.nextInt(body.length + 1);
    var spliced = Arrays.copyOf(body, from + body.length - to);
    System.arraycopy(body, to, spliced, from, body.length - to);
    return spliced;
  }
}
