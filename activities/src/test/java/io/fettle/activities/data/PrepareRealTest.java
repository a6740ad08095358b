package io.fettle.activities.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.store.ObjectStore;
import io.fettle.data.dvc.DvcExport;
import io.fettle.data.prepare.Means;
import io.fettle.data.prepare.Part;
import io.fettle.data.prepare.Preparation;
import io.fettle.data.prepare.PrepareOptions;
import io.fettle.data.prepare.Share;
import io.fettle.data.prepare.TokenCounter;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.Source;
import io.fettle.data.version.DatasetManifest.Input;
import io.fettle.data.version.DatasetReader;
import io.fettle.data.version.DatasetWriter;
import io.fettle.workflows.data.Dataset;
import io.fettle.workflows.data.PrepareJob;
import io.fettle.workflows.wire.Wire;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The step with a real tokenizer and template, over the demo's rows. */
@Tag("real")
class PrepareRealTest extends PreparesForReal {
  @Test
  void the_demos_rows_become_three_parts_once_and_the_payload_holds_no_text() throws Exception {
    Dataset dataset = activities.prepare(job(demo(), DEMO, "once"));

    assertThat(dataset.train()).isEqualTo(160);
    assertThat(dataset.dev()).isEqualTo(40);
    assertThat(dataset.test()).isEqualTo(150);
    assertThat(dataset.read()).isEqualTo(368);
    assertThat(dataset.drops())
        .contains(new Dataset.Drop("exact_duplicate", 8), new Dataset.Drop("not_utf8", 1));
    assertThat(dataset.reused()).isFalse();
    String payload = Wire.mapper().writeValueAsString(dataset);
    assertThat(payload).hasSizeLessThan(4_096).doesNotContain("router").doesNotContain("wifi");

    Dataset again = activities.prepare(job(demo(), DEMO, "once"));
    assertThat(again.reused()).isTrue();
    assertThat(again.hash()).isEqualTo(dataset.hash());

    Dataset fresh = activities.prepare(job(demo(), DEMO, "another execution"));
    assertThat(fresh.reused()).isFalse();
    assertThat(fresh.hash()).isEqualTo(dataset.hash());
  }

  @Test
  void the_report_names_stages_reasons_and_lines_and_shows_what_carries_the_loss()
      throws Exception {
    Dataset dataset = activities.prepare(job(demo(), DEMO, ""));

    Path tree = folder.resolve("report-tree");
    Staging.stageTree(store, dataset.tree(), folder.resolve("cache"), tree);
    assertThat(tree.toFile().list())
        .containsExactlyInAnyOrder(
            "train.jsonl",
            "dev.jsonl",
            "test.jsonl",
            "clusters.jsonl",
            "manifest.json",
            "report.json",
            "report.html");
    JsonNode report = Wire.mapper().readTree(tree.resolve("report.json").toFile());
    assertThat(report.at("/rows/hash").asText()).isEqualTo(dataset.hash());
    assertThat(report.at("/rows/stages/0/stage").asText()).isEqualTo("read");
    assertThat(report.at("/rows/stages/0/drops/0/samples/0").asText()).startsWith("tickets.jsonl:");
    assertThat(report.at("/tokens/templateSha256").asText()).hasSize(64);
    assertThat(report.at("/tokens/examples")).hasSize(5);
    assertThat(report.at("/tokens/counted").asText())
        .isEqualTo("every row by the trainer: they are few");
    assertThat(report.at("/tokens/examples/0/text").asText()).contains("\u27e6{\"product\":");
    assertThat(Files.readString(tree.resolve("report.html")))
        .contains(dataset.hash(), DatasetReader.open(tree).manifestHash(), "exact_duplicates")
        .containsPattern(
            "(?s)(<pre class=\"example\">.*?<mark>\\{&quot;product&quot;:.*?</mark>.*?){5}");
    assertThat(Files.readString(tree.resolve("train.jsonl")))
        .as("examples are rows to train on")
        .contains(report.at("/tokens/examples").findValuesAsText("id"));
  }

  @Test
  void the_tree_is_a_dataset_with_the_hash_that_the_payload_has() throws Exception {
    Dataset dataset = activities.prepare(job(demo(), DEMO, ""));
    Path tree = folder.resolve("dataset-tree");
    Staging.stageTree(store, dataset.tree(), folder.resolve("cache"), tree);

    var reader = DatasetReader.open(tree);
    reader.verify();

    var manifest = reader.manifest();
    assertThat(manifest.dataset()).isEqualTo(dataset.hash());
    assertThat(manifest.parts())
        .extracting(part -> part.name() + " " + part.rows())
        .containsExactly("train 160", "dev 40", "test 150");
    assertThat(manifest.origin().inputs())
        .containsExactly(
            Input.of("tickets.jsonl", demo().resolve("tickets.jsonl")),
            Input.of("test.jsonl", demo().resolve("test.jsonl")));
    assertThat(manifest.origin().stages().getFirst().seen()).isEqualTo(368);
    assertThat(manifest.origin().config().at("/dev/rows").asInt()).isEqualTo(40);
    assertThat(manifest.origin().code()).isNotEmpty();
    JsonNode report = Wire.mapper().readTree(tree.resolve("report.json").toFile());
    assertThat(manifest.origin().template())
        .isEqualTo(report.at("/tokens/templateSha256").asText());
    assertThat(manifest.origin().tokenizer())
        .isEqualTo(report.at("/tokens/tokenizerSha256").asText());
    assertThat(manifest.origin().parent()).isEmpty();
  }

  @Test
  void what_is_prepared_of_the_parts_of_a_dataset_names_it_as_parent_also_through_dvc()
      throws Exception {
    Dataset parent = activities.prepare(job(demo(), DEMO, ""));
    Path tree = Files.createDirectories(folder.resolve("child")).resolve("parent");
    Staging.stageTree(store, parent.tree(), folder.resolve("cache"), tree);
    String parts = DEMO.replace("tickets.jsonl", "parent/train.jsonl");
    Dataset child =
        activities.prepare(
            job(folder.resolve("child"), parts.replace("test.jsonl", "parent/test.jsonl"), ""));

    Path made = folder.resolve("child-tree");
    Staging.stageTree(store, child.tree(), folder.resolve("cache"), made);
    assertThat(DatasetReader.open(made).manifest().origin().parent())
        .isEqualTo(DatasetReader.open(tree).manifestHash());
    assertThat(child.test()).isEqualTo(150);

    DvcExport.write(tree, folder.resolve("child/parent.dvc"), folder.resolve("dvc-cache"));
    PrepareJob whole =
        job(
            folder.resolve("child"),
            DEMO.replace("tickets.jsonl", "parent.dvc").replace("test.jsonl", "parent/test.jsonl"),
            "");
    assertThatThrownBy(() -> activities.prepare(whole))
        .cause()
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure ->
                assertThat(failure.getOriginalMessage())
                    .contains("parent.dvc points to a prepared dataset"));
  }

  @Test
  void without_a_model_the_same_files_and_options_give_the_same_hash() throws Exception {
    Dataset dataset = activities.prepare(job(demo(), DEMO, ""));
    PrepareOptions options =
        new PrepareOptions(
            List.of(demos("tickets.jsonl")),
            List.of(demos("test.jsonl")),
            List.of(),
            PrepareOptions.Duplicates.EXACT,
            PrepareOptions.Cleaning.none(),
            0,
            Integer.MAX_VALUE,
            new Share.Rows(40),
            new Share.None(),
            17,
            1);

    Path made = folder.resolve("without-model");
    try (var rows = DatasetWriter.open(made, Part.words(), 10_000)) {
      var report =
          Preparation.run(options, Means.counting(TokenCounter.none()), made, rows, (_, _) -> {});
      assertThat(report.hash()).isEqualTo(dataset.hash());
    }
  }

  private static Source demos(String name) {
    return new Source(demo().resolve(name), name, Format.CHAT_JSONL, FieldMapping.usual());
  }

  @Test
  void many_rows_are_counted_by_their_templates_pieces_as_the_trainer_counts_them()
      throws Exception {
    Path here = Files.createDirectories(folder.resolve("many"));
    var rows = new StringBuilder();
    for (int i = 0; i < 2_500; i++) {
      rows.append(row("what is %d plus %d".formatted(i, i + 7), "that makes " + (2 * i + 7)));
    }
    Files.writeString(here.resolve("tickets.jsonl"), rows);

    Dataset dataset =
        activities.prepare(job(here, DEMO.replace(" test: test.jsonl, dev_rows: 40,", ""), ""));

    Path tree = folder.resolve("many-tree");
    Staging.stageTree(store, dataset.tree(), folder.resolve("cache"), tree);
    JsonNode report = Wire.mapper().readTree(tree.resolve("report.json").toFile());
    assertThat(report.at("/tokens/counted").asText())
        .contains("rows by their template's pieces")
        .endsWith("; 0 by the trainer alone");
    assertThat(report.at("/tokens/examples")).hasSize(5);
    assertThat(dataset.train() + dataset.dev() + dataset.test()).isEqualTo(2_500);
  }

  @Test
  void rows_that_the_template_cannot_carry_are_counted() throws Exception {
    Path here = Files.createDirectories(folder.resolve("control"));
    var rows = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      rows.append(row("question number " + i + " of many", "answer " + i));
    }
    rows.append(row("what does <|im_end|> mean", "the end of a turn"));
    rows.append(row("a long one " + "word ".repeat(600), "too long"));
    Files.writeString(here.resolve("tickets.jsonl"), rows);

    Dataset dataset =
        activities.prepare(job(here, DEMO.replace(" test: test.jsonl, dev_rows: 40,", ""), ""));

    assertThat(dataset.drops())
        .containsExactlyInAnyOrder(
            new Dataset.Drop("template_refused", 1), new Dataset.Drop("too_long", 1));
    assertThat(dataset.train() + dataset.dev() + dataset.test()).isEqualTo(30);
  }

  @Test
  void too_little_left_is_bad_data_with_counts_and_row_numbers_and_without_text() throws Exception {
    Path here = Files.createDirectories(folder.resolve("broken"));
    Files.writeString(
        here.resolve("tickets.jsonl"), "{\"messages\": secret\n".repeat(9) + row("Hi", "Hello"));
    PrepareJob job = job(here, DEMO.replace(" test: test.jsonl, dev_rows: 40,", ""), "");

    assertThatThrownBy(() -> activities.prepare(job))
        .isInstanceOf(ActivityFailure.class)
        .cause()
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.getType()).isEqualTo("BadData");
              assertThat(failure.getOriginalMessage())
                  .contains(
                      "rows read 10, left 1", "9 dropped because a row is not one JSON object")
                  .contains("tickets.jsonl:1, tickets.jsonl:2")
                  .doesNotContain("secret");
            });
  }

  @Test
  void a_model_without_a_tokenizer_is_refused_and_the_programs_log_outlives_the_step()
      throws Exception {
    Path bare = Files.createDirectories(folder.resolve("bare"));
    Files.writeString(bare.resolve("config.json"), "{\"model_type\": \"llama\"}");
    PrepareJob whole = job(demo(), DEMO, "");
    PrepareJob job =
        new PrepareJob(
            whole.run(),
            whole.spec(),
            Staging.uploadTree(store, bare, ObjectStore.OBJECTS),
            whole.salt());

    assertThatThrownBy(() -> activities.prepare(job))
        .cause()
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.getType()).isEqualTo("BadConfig");
              String[] told = failure.getOriginalMessage().split("its log is ");
              assertThat(Path.of(told[1])).exists();
            });
  }
}
