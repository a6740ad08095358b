package io.fettle.activities.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.staging.Staging;
import io.fettle.activities.staging.TreeManifest;
import io.fettle.activities.steps.Beat;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import io.fettle.workflows.data.Subsets;
import io.fettle.workflows.data.Subsets.Subset;
import io.fettle.workflows.data.SubsetsJob;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainSubsetsTest {
  private static final int ROWS = 100;

  @TempDir private Path folder;
  private Path dataset;
  private ObjectStore store;

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.resolve("store").toUri());
    dataset = Files.createDirectories(folder.resolve("dataset"));
    Path spec = Files.createDirectories(folder.resolve("spec"));
    Files.writeString(spec.resolve("config.json"), "{}");
    Files.writeString(spec.resolve("rows.jsonl"), row("row-0"));
    Files.writeString(dataset.resolve("dev.jsonl"), row("dev-1"));
    Files.writeString(dataset.resolve("test.jsonl"), row("test-1"));
    Files.writeString(
        dataset.resolve("clusters.jsonl"),
        """
        {"part":"train","rows":["row-0","row-1","row-2"]}
        {"part":"dev","rows":["dev-1","row-9"]}
        """);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  @Test
  void a_quarter_lies_in_a_half_in_the_rows_own_order_beside_dev_and_without_test()
      throws IOException {
    write("train.jsonl", 0, ROWS);

    var parts = subsets().parts();

    assertThat(parts).extracting(Subset::percent).containsExactly(25, 50);
    List<String> quarter = rows(parts.get(0), "train.jsonl");
    List<String> half = rows(parts.get(1), "train.jsonl");
    assertThat(quarter).hasSizeBetween(23, 25).hasSize(parts.get(0).rows());
    assertThat(half).hasSizeBetween(48, 50).hasSize(parts.get(1).rows()).containsAll(quarter);
    assertThat(Files.readAllLines(dataset.resolve("train.jsonl"))).containsSubsequence(half);
    assertThat(Staging.manifest(store, parts.get(0).tree()).files())
        .extracting(TreeManifest.Entry::path)
        .containsExactly("dev.jsonl", "train.jsonl");
    assertThat(rows(parts.get(0), "dev.jsonl")).containsExactly(row("dev-1").strip());
  }

  @Test
  void a_cluster_is_in_a_part_whole_or_not_at_all() throws IOException {
    write("train.jsonl", 0, ROWS);
    for (int seed = 0; seed < 20; seed++) {
      for (Subset part : subsets(seed).parts()) {
        List<String> cluster =
            List.of(row("row-0").strip(), row("row-1").strip(), row("row-2").strip());
        assertThat(rows(part, "train.jsonl").stream().filter(cluster::contains).count())
            .isIn(0L, 3L);
      }
    }
  }

  @Test
  void rows_in_several_files_stay_in_several_with_an_index_of_what_is_left() throws IOException {
    Files.createDirectories(dataset.resolve("train"));
    write("train/00000.jsonl", 0, 60);
    write("train/00001.jsonl", 60, ROWS);
    Files.copy(dataset.resolve("train/00000.jsonl"), dataset.resolve("train.jsonl"));
    var index =
        new TrainShards.Index(
            List.of(
                new TrainShards.Shard("00000.jsonl", 60),
                new TrainShards.Shard("00001.jsonl", 40)));
    Files.write(dataset.resolve("train/index.json"), Wire.mapper().writeValueAsBytes(index));

    Subset half = subsets().parts().getLast();

    var left =
        Wire.mapper().readValue(rows(half, "train/index.json").getFirst(), TrainShards.Index.class);
    assertThat(left.shards().stream().mapToLong(TrainShards.Shard::rows).sum())
        .isEqualTo(half.rows());
    assertThat(rows(half, "train/00001.jsonl")).hasSize((int) left.shards().get(1).rows());
    assertThat(rows(half, "train.jsonl")).isEqualTo(rows(half, "train/00000.jsonl"));
  }

  @Test
  void a_repeat_gives_the_same_trees_and_another_seed_others() throws IOException {
    write("train.jsonl", 0, ROWS);

    assertThat(subsets(1)).isEqualTo(subsets(1)).isNotEqualTo(subsets(2));
  }

  @Test
  void fewer_than_ten_rows_teach_nothing_so_none_are_taken() throws IOException {
    write("train.jsonl", 0, 38);

    var none = subsets();

    assertThat(none.parts()).isEmpty();
    assertThat(none.why())
        .isEqualTo(
            "25 % of the training rows are 9 in whole clusters, and fewer than 10 teach nothing");
  }

  private Subsets subsets() throws IOException {
    return subsets(42);
  }

  private Subsets subsets(int seed) throws IOException {
    Reference spec =
        store.putBlob(
            Specs.seeded(folder.resolve("spec"), seed)
                .getBytes(java.nio.charset.StandardCharsets.UTF_8));
    Reference tree = Staging.uploadTree(store, dataset, ObjectStore.OBJECTS);
    DataOptions options =
        new DataOptions(
            folder.resolve("work"),
            folder.resolve("cache"),
            DataOptions.SHARD_BYTES,
            Access.USUAL,
            _ -> Optional.empty());
    try (Beat beat = Beat.unheard()) {
      return new TrainSubsets(store, options)
          .of(new SubsetsJob("run-1", tree, spec, List.of(25, 50)), beat);
    }
  }

  private void write(String file, int from, int to) throws IOException {
    Files.writeString(
        dataset.resolve(file),
        String.join("", IntStream.range(from, to).mapToObj(i -> row("row-" + i)).toList()));
  }

  private static String row(String id) {
    return "{\"id\":\"%s\",\"messages\":[]}\n".formatted(id);
  }

  private List<String> rows(Subset part, String file) throws IOException {
    Path staged = folder.resolve("staged-" + part.tree().shortHash());
    Staging.stageTree(store, part.tree(), folder.resolve("cache"), staged);
    return Files.readAllLines(staged.resolve(file));
  }
}
