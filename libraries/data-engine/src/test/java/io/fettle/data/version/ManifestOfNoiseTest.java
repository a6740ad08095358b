package io.fettle.data.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fettle.data.AnyJson;
import io.fettle.data.Fuzz;
import io.fettle.data.Noise;
import io.fettle.data.version.DatasetReader.DamagedDataset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A manifest that others wrote, or nobody. */
class ManifestOfNoiseTest {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
  private static final AnyJson ANY =
      new AnyJson(
          List.of(
              "format",
              "dataset",
              "parts",
              "origin",
              "name",
              "rows",
              "bytes",
              "sha256",
              "shards",
              "inputs",
              "stages",
              "config",
              "code",
              "tokenizer",
              "template",
              "parent",
              "dropped"),
          List.of("train", Datasets.HASH, "../../etc/passwd", "x"));

  @TempDir Path folder;
  private Path manifest;
  private byte[] sound;

  @BeforeEach
  void write() throws IOException {
    Datasets.write(
        folder, 100, Map.of("train", List.of("a => b", "c => d"), "dev", List.of("e => f")));
    manifest = folder.resolve(DatasetManifest.FILE);
    sound = Files.readAllBytes(manifest);
  }

  @Test
  void whatever_stands_in_it_the_rows_are_those_that_were_written_or_none() throws IOException {
    JsonNode tree = JSON.readTree(sound);
    Fuzz.tries(
        2_000,
        random -> {
          byte[] json =
              random.nextBoolean()
                  ? Noise.damaged(sound, random)
                  : JSON.writeValueAsBytes(ANY.changed(tree, random));
          Files.write(manifest, json);
          try {
            var reader = DatasetReader.open(folder);
            assertThat(reader.manifest().json()).isNotEmpty();
            for (DatasetManifest.Part part : reader.manifest().parts()) {
              reader.read(part.name(), row -> assertThat(row.prompt()).isIn("a", "c", "e"));
            }
          } catch (DamagedDataset e) {
            assertThat(e).hasMessageStartingWith(folder.toString());
          }
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null", "[]", "{}", "{\"format\": 1", "{\"format\": 2}"})
  void what_is_none_is_refused(String text) throws IOException {
    assertRefused(text);
  }

  @Test
  void a_key_twice_a_null_in_a_list_and_deep_nesting_are_refused() throws IOException {
    String json = new String(sound, StandardCharsets.UTF_8);
    assertRefused(json.replaceFirst("\\{", "{\"format\":1,"));
    assertRefused(json.replaceFirst("\"stages\":\\[", "\"stages\":[null,"));
    assertRefused(json.replaceFirst("\"broken_json\":1", "\"broken_json\":null"));
    assertRefused(json.replaceFirst("\"config\":", "\"config\":" + "[".repeat(100_000)));
  }

  private void assertRefused(String text) throws IOException {
    Files.writeString(manifest, text);
    assertThatThrownBy(() -> DatasetReader.open(folder))
        .isInstanceOf(DamagedDataset.class)
        .hasMessageContaining("manifest.json is no manifest: ")
        .hasMessageNotContaining("java.lang");
  }
}
