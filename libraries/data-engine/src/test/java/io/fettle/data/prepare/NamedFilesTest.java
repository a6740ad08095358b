package io.fettle.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.data.dvc.DvcExport;
import io.fettle.data.dvc.DvcPointer.UnusablePointer;
import io.fettle.data.prepare.NamedFiles.NamedFile;
import io.fettle.data.version.DatasetManifest;
import io.fettle.data.version.DatasetReader;
import io.fettle.data.version.Datasets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedFilesTest {
  /** Of {@code {"a": 1}} and a line feed. */
  private static final String POINTER =
      "outs:\n- md5: a01637863c1f9585c3e38cde6ce20940\n  size: 9\n  hash: md5\n  path: rows.jsonl\n";

  @TempDir Path folder;
  private final NamedFiles named = new NamedFiles();

  @Test
  void files_of_one_name_are_told_apart() throws IOException {
    Path rows = write("rows.jsonl");

    assertThat(named.of(rows, "rows.jsonl")).containsExactly(new NamedFile(rows, "rows.jsonl"));
    assertThat(named.of(write("b/rows.jsonl"), "rows.jsonl"))
        .extracting(NamedFile::name)
        .containsExactly("rows.jsonl#2");
    assertThat(named.parent()).isEmpty();
  }

  @Test
  void a_pointer_stands_for_the_file_that_it_points_to() throws IOException {
    Path rows = write("rows.jsonl");
    Path pointer = Files.writeString(folder.resolve("rows.jsonl.dvc"), POINTER);

    assertThat(named.one(pointer, "rows.jsonl.dvc")).isEqualTo(new NamedFile(rows, "rows.jsonl"));

    Files.delete(rows);
    assertThatThrownBy(() -> named.of(pointer, "rows.jsonl.dvc"))
        .isInstanceOf(UnusablePointer.class)
        .hasMessageContaining("dvc pull");
  }

  @Test
  void a_pointer_to_a_folder_stands_for_its_files_of_rows() throws IOException {
    write("raw/a.jsonl");
    write("raw/b.csv.gz");
    write("raw/README.md");
    Path pointer = folder.resolve("raw.dvc");
    DvcExport.write(folder.resolve("raw"), pointer, folder.resolve("cache"));

    assertThat(named.of(pointer, "raw.dvc"))
        .extracting(NamedFile::name)
        .containsExactly("a.jsonl", "b.csv.gz");
    assertThatThrownBy(() -> named.one(pointer, "raw.dvc"))
        .isInstanceOf(RefusedRows.class)
        .hasMessageContaining("points to 2 files; a benchmark is one");
  }

  @Test
  void shards_of_a_dataset_have_it_as_parent_and_its_pointer_is_refused() throws IOException {
    Path dataset = folder.resolve("dataset");
    DatasetManifest manifest =
        Datasets.write(
            dataset, 1 << 20, Map.of("train", List.of("a => b"), "test", List.of("c => d")));
    Path train = dataset.resolve(manifest.part("train").shards().getFirst().file());
    Path test = dataset.resolve(manifest.part("test").shards().getFirst().file());

    named.of(train, "train.jsonl");
    named.of(test, "test.jsonl");

    assertThat(named.parent()).isEqualTo(DatasetReader.open(dataset).manifestHash());
    named.of(write("more.jsonl"), "more.jsonl");
    assertThat(named.parent()).as("rows of a dataset and others").isEmpty();

    Path pointer = folder.resolve("dataset.dvc");
    DvcExport.write(dataset, pointer, folder.resolve("cache"));
    assertThatThrownBy(() -> named.of(pointer, "dataset.dvc"))
        .isInstanceOf(RefusedRows.class)
        .hasMessageContaining("name the files of its parts, which lie in " + dataset);
  }

  @Test
  void a_pointer_in_a_bucket_is_refused() throws IOException {
    Path fetched = write("fetched");

    assertThatThrownBy(() -> named.of(fetched, "rows.jsonl.dvc"))
        .isInstanceOf(RefusedRows.class)
        .hasMessageContaining("rows.jsonl.dvc lies in a bucket");
  }

  private Path write(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    return Files.writeString(file, "{\"a\": 1}\n");
  }
}
