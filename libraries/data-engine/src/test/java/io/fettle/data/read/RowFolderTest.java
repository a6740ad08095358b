package io.fettle.data.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowFolderTest {
  @TempDir Path folder;

  @Test
  void files_of_rows_are_found_in_all_folders_in_the_order_of_their_names() throws IOException {
    for (String name :
        List.of(
            "b.csv",
            "a/z.jsonl.gz",
            "a/b/c.PARQUET",
            "a.json",
            "B.ndjson.zst",
            "c.csv.zstd",
            "d.tsv")) {
      write(name, "{}");
    }

    RowFolder found = RowFolder.of(folder);

    assertThat(found.names())
        .containsExactly(
            "B.ndjson.zst",
            "a.json",
            "a/b/c.PARQUET",
            "a/z.jsonl.gz",
            "b.csv",
            "c.csv.zstd",
            "d.tsv");
    assertThat(found.leftOut()).isEmpty();
  }

  @Test
  void what_is_no_file_of_rows_is_left_out_and_told() throws IOException {
    write("rows.jsonl", "{}");
    write("_SUCCESS", "");
    write("_temporary/0/part.jsonl", "{}");
    write(".cache/old.jsonl", "{}");
    write("notes.txt", "n");
    write("part-2.jsonl", "");
    write("deep/.hidden.jsonl", "{}");

    RowFolder found = RowFolder.of(folder);

    assertThat(found.names()).containsExactly("rows.jsonl");
    assertThat(found.leftOut())
        .isEqualTo(
            "6 left out: .cache/, _SUCCESS, _temporary/, deep/.hidden.jsonl, notes.txt, ...");
  }

  @Test
  void a_store_that_holds_the_same_gives_the_same() throws IOException {
    write("a/b.jsonl", "{}");
    write("c.csv", "x");
    write("_SUCCESS", "");
    Map<String, Long> objects = new TreeMap<>(Map.of("a/b.jsonl", 2L, "c.csv", 1L, "_SUCCESS", 0L));

    assertThat(RowFolder.of("s3://bucket/rows/", objects, List.of()))
        .isEqualTo(RowFolder.of(folder));
  }

  @Test
  void a_name_that_no_store_takes_is_told_where_it_has_rows_and_left_out_where_not()
      throws IOException {
    Map<String, Long> objects = Map.of("c.csv", 1L);

    assertThat(RowFolder.of("gs://b/r/", objects, List.of("a note.txt", ".x.jsonl")).others())
        .isEqualTo(2);
    assertThatThrownBy(() -> RowFolder.of("gs://b/r/", objects, List.of("my rows.jsonl")))
        .isInstanceOf(RowFolder.Refused.class)
        .hasMessageStartingWith("gs://b/r/ holds my rows.jsonl, a name that cannot be asked for");
  }

  @Test
  void a_folder_without_rows_is_told_with_what_it_holds() throws IOException {
    assertThatThrownBy(() -> RowFolder.of(folder))
        .isInstanceOf(RowFolder.Refused.class)
        .hasMessage(
            "%s holds no rows: no .jsonl, .ndjson, .json, .csv, .tsv or .parquet, packed or not (it is empty); name a folder with such files, or the files",
            folder);
    write("readme.md", "x");
    assertThatThrownBy(() -> RowFolder.of(folder)).hasMessageContaining("(1 left out: readme.md)");
  }

  @Test
  void a_link_that_leaves_the_folder_is_refused() throws IOException {
    Path inside = Files.createDirectory(folder.resolve("inside"));
    write("inside/rows.jsonl", "{}");
    write("elsewhere.jsonl", "{}");
    Path link = inside.resolve("more.jsonl");
    Files.createSymbolicLink(link, folder.resolve("elsewhere.jsonl"));
    assertThatThrownBy(() -> RowFolder.of(inside))
        .isInstanceOf(RowFolder.Refused.class)
        .hasMessageStartingWith(link + " is a link that leaves the folder, to ")
        .hasMessageContaining("copy what it names into the folder");

    Files.delete(link);
    Files.createSymbolicLink(inside.resolve("up"), folder);
    assertThatThrownBy(() -> RowFolder.of(inside)).hasMessageContaining("leaves the folder");

    Files.delete(inside.resolve("up"));
    Files.createSymbolicLink(link, Path.of("nothing"));
    assertThatThrownBy(() -> RowFolder.of(inside)).hasMessageContaining("leads nowhere");
  }

  @Test
  void a_link_within_the_folder_makes_no_row_come_twice_and_loses_none() throws IOException {
    write("2024/rows.jsonl", "{}");
    write(".store/abc", "{}");
    Files.createSymbolicLink(folder.resolve("latest.jsonl"), Path.of("2024/rows.jsonl"));
    Files.createSymbolicLink(folder.resolve("round"), Path.of("."));
    Files.createSymbolicLink(folder.resolve("kept.jsonl"), Path.of(".store/abc"));

    RowFolder found = RowFolder.of(folder);

    assertThat(found.names()).containsExactly("2024/rows.jsonl", "kept.jsonl");
    assertThat(found.leftOut()).contains("latest.jsonl (a link to 2024/rows.jsonl)");
  }

  @Test
  void a_folder_behind_a_link_is_a_folder() throws IOException {
    write("real/rows.jsonl", "{}");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));

    assertThat(RowFolder.of(link).names()).containsExactly("rows.jsonl");
  }

  @Test
  void more_files_than_a_spec_may_name_are_refused() {
    Map<String, Long> objects = new TreeMap<>();
    for (int i = 0; i < RowFolder.MOST; i++) {
      objects.put("part-%04d.jsonl".formatted(i), 1L);
    }
    assertThat(namesOf(objects)).hasSize(RowFolder.MOST);

    objects.put("one-more.jsonl", 1L);
    assertThatThrownBy(() -> namesOf(objects))
        .hasMessageContaining("holds more than 1,000 files of rows");
  }

  @Test
  void a_prepared_dataset_is_no_folder_of_rows() {
    for (String rows : List.of("shards/0a.jsonl", "train.jsonl")) {
      for (String at : List.of("", "mine/")) {
        Map<String, Long> objects = Map.of(at + "manifest.json", 9L, at + rows, 9L);
        assertThatThrownBy(() -> RowFolder.of("s3://b/d/", objects, List.of()))
            .isInstanceOf(RowFolder.Refused.class)
            .hasMessageStartingWith("s3://b/d/" + at + " has a manifest.json beside its rows")
            .hasMessageContaining("whose test rows lie among its others");
      }
    }
  }

  @Test
  void a_manifest_of_something_else_is_no_dataset_and_shards_of_one_are_no_folder_of_rows()
      throws IOException {
    write("shards/0a.jsonl", "{}");
    write("other/manifest.json", "{}");
    assertThat(RowFolder.of(folder).names())
        .containsExactly("other/manifest.json", "shards/0a.jsonl");

    write("shards/%s.jsonl".formatted("ab".repeat(32)), "{}");
    for (Path of : List.of(folder, folder.resolve("shards"))) {
      assertThatThrownBy(() -> RowFolder.of(of))
          .isInstanceOf(RowFolder.Refused.class)
          .hasMessageStartingWith(of + " holds shards of a prepared dataset, or of a prepare that");
    }
  }

  @Test
  void a_name_that_would_steer_a_terminal_is_refused_and_not_shown() {
    assertThatThrownBy(() -> RowFolder.of("s3://b/d/", Map.of("\u001b[31m.csv", 1L), List.of()))
        .isInstanceOf(RowFolder.Refused.class)
        .hasMessageContaining("\ufffd[31m.csv, a name with characters that cannot be shown");
  }

  private static List<String> namesOf(Map<String, Long> objects) {
    try {
      return RowFolder.of("s3://bucket/rows/", objects, List.of()).names();
    } catch (RowFolder.Refused e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
  }
}
