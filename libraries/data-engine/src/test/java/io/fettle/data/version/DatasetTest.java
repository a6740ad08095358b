package io.fettle.data.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import io.fettle.data.version.DatasetReader.DamagedDataset;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatasetTest {
  private static final int TRIALS = 300;
  private static final Map<String, List<String>> ROWS =
      Map.of(
          "train", IntStream.range(0, 40).mapToObj(i -> "ask " + i + " => caf\u00e9 " + i).toList(),
          "dev", List.of("how => so", "why => \u4e2d"),
          "test", List.of("a => b\nc"));

  @TempDir Path folder;

  @Test
  void the_manifest_is_this_json() throws IOException {
    var origin = Datasets.origin("{\"seed\":17,\"bounds\":{\"max\":4096,\"min\":50}}", "0.1.0");
    try (var writer = DatasetWriter.open(folder, Datasets.PARTS, 1_000)) {
      writer.add("train", Datasets.row("rows.jsonl", 3, "ask => say"));
      writer.finish(origin);
    }

    assertThat(folder.resolve("manifest.json"))
        .hasContent(
            """
            {"format":1,\
            "dataset":"b0a2dbaecf5db16f215ea36301df6eabb7949f6a6c224c971a28a24466dc89ee",\
            "parts":[{"name":"train","rows":1,"bytes":104,"sha256":"007a50501df9fbb06a0e415f8e20397f0da21eec3e19820d843db4ba385a1e2d",\
            "shards":[{"sha256":"007a50501df9fbb06a0e415f8e20397f0da21eec3e19820d843db4ba385a1e2d","rows":1,"bytes":104}]},\
            {"name":"dev","rows":0,"bytes":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","shards":[]},\
            {"name":"test","rows":0,"bytes":0,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855","shards":[]}],\
            "origin":{"inputs":[{"name":"rows.jsonl","sha256":"%1$s","bytes":4096}],\
            "stages":[{"stage":"read","seen":9,"kept":8,"dropped":{"broken_json":1}}],\
            "config":{"bounds":{"max":4096,"min":50},"seed":17},"code":"0.1.0",\
            "tokenizer":"%1$s","template":"%1$s","parent":""}}"""
                .formatted(Datasets.HASH));
  }

  @Test
  void what_was_written_is_what_is_read() throws IOException {
    DatasetManifest written = Datasets.write(folder, 300, ROWS);

    var reader = DatasetReader.open(folder);

    assertThat(reader.manifest()).isEqualTo(written);
    assertThat(reader.manifestHash()).isEqualTo(written.hash());
    assertThat(texts(reader)).isEqualTo(texts(ROWS));
    assertThat(written.rows()).isEqualTo(43);
    assertThat(written.parts().getFirst().shards())
        .hasSizeGreaterThan(5)
        .allSatisfy(shard -> assertThat(shard.bytes()).isLessThanOrEqualTo(300));
  }

  @Test
  void a_row_larger_than_a_shard_has_one_of_its_own() throws IOException {
    var rows = Map.of("train", List.of("a => b", "x".repeat(2_000) + " => y", "c => d"));

    DatasetManifest manifest = Datasets.write(folder, 500, rows);

    assertThat(manifest.parts().getFirst().shards())
        .extracting(DatasetManifest.Shard::rows)
        .containsExactly(1L, 1L, 1L);
    assertThat(texts(DatasetReader.open(folder))).isEqualTo(texts(rows));
  }

  @Test
  void the_dataset_hash_knows_rows_and_order_and_nothing_else() throws IOException {
    DatasetManifest one = Datasets.write(folder.resolve("a"), 300, ROWS);
    DatasetManifest large = Datasets.write(folder.resolve("b"), 1 << 20, ROWS);
    var newer = DatasetManifest.of(one.parts(), Datasets.origin("{\"seed\":17}", "0.2.0"));
    var turned = Map.of("train", ROWS.get("train").reversed(), "dev", ROWS.get("dev"));

    assertThat(large.dataset()).isEqualTo(one.dataset());
    assertThat(large.hash()).isNotEqualTo(one.hash());
    assertThat(newer.dataset()).isEqualTo(one.dataset());
    assertThat(newer.hash()).isNotEqualTo(one.hash());
    assertThat(Datasets.write(folder.resolve("c"), 300, turned).dataset())
        .isNotEqualTo(one.dataset());
  }

  @Test
  void a_row_that_moves_to_another_part_is_another_dataset() throws IOException {
    var before = Map.of("train", List.of("a => b", "c => d"));
    var after = Map.of("train", List.of("a => b"), "dev", List.of("c => d"));

    assertThat(Datasets.write(folder.resolve("a"), 300, before).dataset())
        .isNotEqualTo(Datasets.write(folder.resolve("b"), 300, after).dataset());
  }

  @Test
  void a_folder_that_was_not_finished_is_no_dataset() throws IOException {
    Datasets.write(folder, 300, ROWS);
    try (var writer = DatasetWriter.open(folder, Datasets.PARTS, 300)) {
      writer.add("train", Datasets.row("rows.jsonl", 1, "a => b"));
    }

    assertThat(DatasetReader.isDataset(folder)).isFalse();
    assertThatThrownBy(() -> DatasetReader.open(folder))
        .isInstanceOf(DamagedDataset.class)
        .hasMessageContaining("manifest.json is missing; fetch the dataset again");
  }

  @Test
  void rows_may_lie_in_files_that_are_called_as_their_parts() throws IOException {
    DatasetManifest byHash = Datasets.write(folder.resolve("a"), 300, ROWS);

    DatasetManifest cut = named(folder.resolve("b"), 300);
    DatasetManifest whole = named(folder.resolve("c"), 1 << 20);

    assertThat(cut.dataset()).isEqualTo(byHash.dataset()).isEqualTo(whole.dataset());
    assertThat(files(cut)).startsWith("train/00000.jsonl", "train/00001.jsonl");
    assertThat(files(cut)).endsWith("dev.jsonl", "test.jsonl").hasSizeGreaterThan(7);
    assertThat(files(whole)).containsExactly("train.jsonl", "dev.jsonl", "test.jsonl");
    for (String made : List.of("b", "c")) {
      var reader = DatasetReader.open(folder.resolve(made));
      assertThat(texts(reader)).isEqualTo(texts(ROWS));
      assertThat(reader.manifest().hash()).isEqualTo(reader.manifestHash());
    }
    assertThat(folder.resolve("b/train.new")).doesNotExist();
    assertThat(folder.resolve("c/manifest.json"))
        .content()
        .startsWith("{\"format\":2,")
        .contains("\"file\":\"train.jsonl\"}]");
  }

  @Test
  void a_shard_elsewhere_than_in_the_folder_is_no_manifest() throws IOException {
    named(folder, 1 << 20);
    Path file = folder.resolve("manifest.json");
    String sound = Files.readString(file);

    for (String place : List.of("../rows.jsonl", "/etc/passwd", "a//b", "a/../b", "a\\\\b", ".x")) {
      Files.writeString(file, sound.replace("\"train.jsonl\"", "\"" + place + "\""));
      assertThatThrownBy(() -> DatasetReader.open(folder))
          .as(place)
          .isInstanceOf(DamagedDataset.class)
          .hasMessageContaining("is no manifest: it has a shard that is not in its folder");
    }
  }

  @Test
  void what_a_killed_writer_left_goes_and_what_is_the_users_stays() throws IOException {
    Path shards = Files.createDirectories(folder.resolve("shards"));
    Files.writeString(shards.resolve(Datasets.HASH + ".jsonl"), "{}\n");
    Files.writeString(shards.resolve("train.new"), "{\"id\":");
    Files.writeString(shards.resolve("notes.txt"), "mine");

    DatasetManifest manifest = Datasets.write(folder, 1 << 20, ROWS);

    assertThat(files())
        .map(file -> folder.relativize(file).toString())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Stream.of("manifest.json", "shards/notes.txt"), files(manifest).stream())
                .toList());
  }

  @Test
  void a_writer_that_does_not_finish_takes_back_what_it_wrote() throws IOException {
    try (var writer = DatasetWriter.open(folder, Datasets.PARTS, 100)) {
      for (int line = 0; line < 20; line++) {
        writer.add("train", Datasets.row("rows.jsonl", line, "a => b"));
      }
      assertThat(files()).hasSizeGreaterThan(10);
    }

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void rows_without_a_manifest_have_the_hash_that_a_writer_would_have_given_them()
      throws IOException {
    DatasetManifest written = named(folder, 300);
    var parts = new LinkedHashMap<String, List<String>>();
    written
        .parts()
        .forEach(
            part ->
                parts.put(
                    part.name(), part.shards().stream().map(DatasetManifest.Shard::file).toList()));
    Files.delete(folder.resolve("manifest.json"));

    var reader = DatasetReader.withoutManifest(folder, parts, Datasets.origin("{}", ""));

    assertThat(reader.manifest().parts()).isEqualTo(written.parts());
    assertThat(reader.manifest().dataset()).isEqualTo(written.dataset());
    assertThat(texts(reader)).isEqualTo(texts(ROWS));
  }

  private static DatasetManifest named(Path folder, long shardBytes) throws IOException {
    try (var writer = DatasetWriter.openNamed(folder, Datasets.PARTS, "train", shardBytes)) {
      return Datasets.finish(writer, ROWS);
    }
  }

  private static List<String> files(DatasetManifest manifest) {
    return manifest.parts().stream()
        .flatMap(part -> part.shards().stream())
        .map(DatasetManifest.Shard::file)
        .toList();
  }

  @Test
  void a_damaged_shard_hands_over_none_of_its_rows_and_is_named() throws IOException {
    DatasetManifest manifest = Datasets.write(folder, 1 << 20, ROWS);
    Path shard = folder.resolve(manifest.parts().getFirst().shards().getFirst().file());
    byte[] sound = Files.readAllBytes(shard);
    byte[] flipped = sound.clone();
    flipped[sound.length / 2] ^= 1;

    Files.write(shard, flipped);
    assertStops(shard, "does not hold what its name says");
    Files.write(shard, Arrays.copyOf(sound, sound.length - 1));
    assertStops(shard, "bytes instead of " + sound.length);
    Files.delete(shard);
    assertStops(shard, "is missing");
  }

  @Test
  void a_manifest_that_names_a_file_elsewhere_is_none() throws IOException {
    Datasets.write(folder, 300, ROWS);
    Path file = folder.resolve("manifest.json");
    Files.writeString(
        file,
        Files.readString(file)
            .replaceFirst("(\"shards\":\\[.\"sha256\":\")[0-9a-f]{64}", "$1../../etc/passwd"));

    assertThatThrownBy(() -> DatasetReader.open(folder))
        .isInstanceOf(DamagedDataset.class)
        .hasMessageContaining("is no manifest: it has a shard without a proper hash");
  }

  @Test
  void whatever_noise_does_to_the_files_no_other_rows_are_handed_over() throws IOException {
    Datasets.write(folder, 300, ROWS);
    List<Path> files = files();
    int stopped = 0;
    for (int seed = 0; seed < TRIALS; seed++) {
      var random = new Random(seed);
      Path file = files.get(random.nextInt(files.size()));
      byte[] sound = Files.readAllBytes(file);
      disturb(file, sound, random);
      try {
        assertThat(texts(DatasetReader.open(folder))).as("seed %d", seed).isEqualTo(texts(ROWS));
      } catch (DamagedDataset e) {
        stopped++;
        assertThat(e).as("seed %d", seed).hasMessageStartingWith(folder.toString());
      }
      Files.write(file, sound);
    }
    // Of a manifest, what changed may be a name or a count that decides no row.
    assertThat(stopped).isGreaterThan(TRIALS / 2);
  }

  private static void disturb(Path file, byte[] sound, Random random) throws IOException {
    byte[] noisy = sound.clone();
    switch (random.nextInt(4)) {
      case 0 -> Files.delete(file);
      case 1 -> Files.write(file, Arrays.copyOf(noisy, random.nextInt(noisy.length)));
      case 2 -> Files.writeString(file, "{}\n", StandardOpenOption.APPEND);
      default -> {
        noisy[random.nextInt(noisy.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, noisy);
      }
    }
  }

  private void assertStops(Path shard, String why) throws IOException {
    List<Row> handed = new ArrayList<>();
    var reader = DatasetReader.open(folder);
    assertThatThrownBy(() -> reader.read("train", handed::add))
        .isInstanceOf(DamagedDataset.class)
        .hasMessageStartingWith(shard.toString())
        .hasMessageContaining(why);
    assertThat(handed).isEmpty();
  }

  private List<Path> files() throws IOException {
    try (var all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static List<String> texts(DatasetReader reader) throws IOException {
    List<String> texts = new ArrayList<>();
    for (String part : Datasets.PARTS) {
      reader.read(part, row -> texts.add(part + " " + row.prompt() + " => " + row.response()));
    }
    return texts;
  }

  private static List<String> texts(Map<String, List<String>> rows) {
    return Datasets.PARTS.stream()
        .flatMap(part -> rows.getOrDefault(part, List.of()).stream().map(text -> part + " " + text))
        .toList();
  }

  @Test
  void bytes_of_rows_are_those_of_the_normal_form() throws IOException {
    DatasetManifest manifest = Datasets.write(folder, 300, Map.of("train", List.of("a => b")));

    assertThat(
            Files.readAllBytes(
                folder.resolve(manifest.parts().getFirst().shards().getFirst().file())))
        .isEqualTo(RowJson.line(Datasets.row("rows.jsonl", 1, "a => b")));
    assertThat(new String(manifest.json(), StandardCharsets.UTF_8)).doesNotContain("\n");
  }
}
