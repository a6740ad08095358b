package io.fettle.activities.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.fettle.workflows.spec.DeploySpec;
import io.fettle.workflows.spec.MethodSpec;
import io.fettle.workflows.spec.ModelSpec;
import io.fettle.workflows.spec.QuantizeSpec;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.spec.TrainSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlannerTest {
  private static final long GIB = 1L << 30;
  private static final Hardware LAPTOP = new Hardware("cpu", false, 16 * GIB, 8, 0, true, false);
  private static final Hardware H100 =
      Hardware.nvidia("NVIDIA H100 80GB HBM3, 81559, 9.0").orElseThrow();
  private static final Hardware T4 = Hardware.nvidia("Tesla T4, 15360, 7.5").orElseThrow();

  @TempDir Path folder;

  @Test
  void the_model_is_read_from_its_config_and_its_tensor_headers() throws IOException {
    var model = ModelShape.read(ModelFiles.in(SmallModel.in(folder)));
    assertThat(model.parameters()).isEqualTo(134_515_008);
    assertThat(model.linearWeights()).isEqualTo(106_168_320);
    assertThat(model.linears().keySet())
        .containsExactly(
            "down_proj", "gate_proj", "k_proj", "o_proj", "q_proj", "up_proj", "v_proj");
    assertThat(Memory.adapterParameters(model, Specs.supportTriage().method().lora()))
        .isEqualTo(2_442_240);
  }

  @Test
  void the_estimate_is_near_what_was_measured_on_a_cpu() throws IOException {
    assertThat(measured("lora", false)).isCloseTo(2_500_000_000L, withinPercentage(10));
    assertThat(measured("lora", true)).isCloseTo(1_800_000_000L, withinPercentage(10));
    assertThat(measured("qlora", true)).isCloseTo(1_800_000_000L, withinPercentage(10));
  }

  private long measured(String tuning, boolean bf16) throws IOException {
    var method = Specs.supportTriage("{\"method\": {\"tuning\": \"" + tuning + "\"}}").method();
    var model = ModelShape.read(ModelFiles.in(SmallModel.in(folder)));
    return Memory.of(model, new Memory.Load(method, bf16, 4, 85, false, false)).total();
  }

  @Test
  void on_a_cpu_every_auto_becomes_what_a_cpu_can() throws IOException {
    var outcome = plan(LAPTOP, Specs.supportTriage());
    assertThat(outcome.refusals()).isEmpty();
    var spec = outcome.spec();
    assertThat(spec.train().precision()).isEqualTo(TrainSpec.Precision.FP32);
    assertThat(spec.model().dtype()).isEqualTo(ModelSpec.Dtype.FLOAT32);
    assertThat(spec.train().microBatchSize()).isEqualTo(4);
    assertThat(spec.train().gradientCheckpointing()).isFalse();
    assertThat(spec.train().learningRate()).isEqualTo(2e-4);
    assertThat(spec.train().threads()).isEqualTo(8);
    assertThat(spec.train().globalBatchSize()).isNull();
    assertThat(spec.quantize().scheme()).isEqualTo(QuantizeSpec.Scheme.W8A8);
    assertThat(spec.deploy().engine()).isEqualTo(DeploySpec.Engine.VLLM);
    assertThat(spec.deploy().target()).isEqualTo(DeploySpec.Target.CPU);
    assertThat(spec.deploy().maxModelLen()).isEqualTo(1024);
    assertThat(spec.deploy().dtype()).isEqualTo(DeploySpec.Dtype.FLOAT32);
    assertThat(spec.capacity().shape()).isEqualTo("cpu");
    assertThat(outcome.memoryBytes()).isLessThan(outcome.memoryAvailableBytes());
    assertThat(outcome.notes())
        .containsExactly(
            "Training peaks at about 2.9 GB of 15.1 GB on cpu, at 4 rows of at most 128 tokens at once, activations kept.",
            "Precision is fp32 on cpu.",
            "Learning rate is 2e-4, the default for lora.",
            "Quantization is w8a8, for vllm on a cpu.");
  }

  @Test
  void a_classification_without_labels_is_noted() throws IOException {
    String evaluate = "{\"evaluate\": {\"task\": \"classification\", \"labels\": %s}}";

    assertThat(plan(LAPTOP, Specs.supportTriage(evaluate.formatted("[]"))).notes())
        .anyMatch(note -> note.startsWith("No labels are given"));
    assertThat(plan(LAPTOP, Specs.supportTriage(evaluate.formatted("[\"a\", \"b\"]"))).notes())
        .noneMatch(note -> note.startsWith("No labels are given"));
  }

  @Test
  void a_learning_curve_is_told_with_what_it_costs_before_anything_is_trained() throws IOException {
    var asked =
        "{\"train\": {\"num_epochs\": 3}, \"evaluate\": {\"advise\": {\"curve\": true, \"training_dollars\": 40}}}";

    assertThat(plan(LAPTOP, Specs.supportTriage(asked)).notes())
        .contains(
            "The learning curve trains on 25 % and then on 50 % of the rows before the run trains on all: together about three quarters of a training more, some 30.00 dollars by evaluate.advise.training_dollars.");
  }

  @Test
  void where_the_steps_are_fixed_each_probe_takes_as_many_as_the_run() throws IOException {
    var asked = "{\"train\": {\"max_steps\": 30}, \"evaluate\": {\"advise\": {\"curve\": true}}}";

    assertThat(plan(LAPTOP, Specs.supportTriage(asked)).notes())
        .contains(
            "The learning curve trains on 25 % and then on 50 % of the rows before the run trains on all: two trainings more, each of train.max_steps steps.");
  }

  @Test
  void passages_have_room_in_the_context() throws IOException {
    var spec =
        Specs.supportTriage(
            "{\"evaluate\": {\"rag\": {\"corpus\": \"train\", \"k\": 4, \"retriever\": \"both\", \"chunk_words\": 200}}}");
    // 128 tokens of a row, 4 passages of 200 words of 2 tokens, 64 of an answer, in steps of 256
    assertThat(plan(LAPTOP, spec).spec().deploy().maxModelLen()).isEqualTo(1792);
  }

  @Test
  void on_a_gpu_the_scheme_follows_its_capability() throws IOException {
    var big = plan(H100, Specs.supportTriage()).spec();
    assertThat(big.train().precision()).isEqualTo(TrainSpec.Precision.BF16);
    assertThat(big.train().microBatchSize()).isEqualTo(16);
    assertThat(big.train().threads()).isNull();
    assertThat(big.quantize().scheme()).isEqualTo(QuantizeSpec.Scheme.FP8_DYNAMIC);
    assertThat(big.capacity().shape()).isEqualTo("nvidia-h100-80gb-hbm3");
    var old = plan(T4, Specs.supportTriage()).spec();
    assertThat(old.train().precision()).isEqualTo(TrainSpec.Precision.FP32);
    assertThat(old.quantize().scheme()).isEqualTo(QuantizeSpec.Scheme.W4A16);
  }

  @Test
  void what_serves_computes_in_bfloat16_only_where_the_hardware_does() throws IOException {
    var server = new Hardware("cpu", false, 16 * GIB, 8, 0, true, true);
    assertThat(plan(server, Specs.supportTriage()).spec().deploy().dtype())
        .isEqualTo(DeploySpec.Dtype.BFLOAT16);
    assertThat(plan(server, Specs.supportTriage()).spec().train().precision())
        .isEqualTo(TrainSpec.Precision.FP32);
    assertThat(plan(H100, Specs.supportTriage()).spec().deploy().dtype())
        .isEqualTo(DeploySpec.Dtype.BFLOAT16);
    assertThat(plan(T4, Specs.supportTriage()).spec().deploy().dtype())
        .isEqualTo(DeploySpec.Dtype.FLOAT16);
    var asked = Specs.supportTriage("{\"deploy\": {\"dtype\": \"bfloat16\"}}");
    assertThat(plan(LAPTOP, asked).spec().deploy().dtype()).isEqualTo(DeploySpec.Dtype.BFLOAT16);
    assertThat(plan(T4, asked).refusals())
        .containsExactly(
            "deploy.dtype is bfloat16; tesla-t4 computes none: write float16, or auto");
  }

  @Test
  void a_cpu_says_in_its_flags_whether_it_computes_bfloat16() {
    assertThat(Hardware.cpuBf16("model name\t: x\nflags\t\t: fma avx2 avx512f avx512_bf16\n"))
        .isTrue();
    assertThat(Hardware.cpuBf16("Features\t: fp asimd bf16 i8mm\n")).isTrue();
    assertThat(Hardware.cpuBf16("flags\t\t: fma avx2 avx512f\n")).isFalse();
    assertThat(Hardware.cpuBf16("bugs\t\t: bf16\n")).isFalse();
    assertThat(Hardware.cpuBf16("")).isFalse();
  }

  @Test
  void activations_are_recomputed_only_where_there_is_no_room_for_them() throws IOException {
    var longRows = "{\"data\": {\"max_length\": 8192, \"max_tokens\": 8192}}";
    var fit =
        plan(
            new Hardware("cpu", false, 14 * GIB, 2, 0, true, false), Specs.supportTriage(longRows));
    assertThat(fit.refusals()).isEmpty();
    assertThat(fit.spec().train().gradientCheckpointing()).isTrue();
    assertThat(fit.spec().train().microBatchSize()).isEqualTo(1);
    var roomy =
        plan(
            new Hardware("cpu", false, 256 * GIB, 2, 0, true, false),
            Specs.supportTriage(longRows));
    assertThat(roomy.spec().train().gradientCheckpointing()).isFalse();
  }

  @Test
  void what_the_user_chose_stands_and_a_micro_batch_divides_the_batch() throws IOException {
    var spec =
        plan(
                LAPTOP,
                Specs.supportTriage(
                    "{\"train\": {\"micro_batch_size\": 1, \"gradient_checkpointing\": true, \"precision\": \"bf16\"}}"))
            .spec();
    assertThat(spec.train().microBatchSize()).isEqualTo(1);
    assertThat(spec.train().gradientCheckpointing()).isTrue();
    assertThat(spec.train().precision()).isEqualTo(TrainSpec.Precision.BF16);
    assertThat(
            plan(LAPTOP, Specs.supportTriage("{\"train\": {\"global_batch_size\": 6}}"))
                .spec()
                .train()
                .microBatchSize())
        .isEqualTo(3);
  }

  @Test
  void what_cannot_work_is_refused_with_its_fix_and_all_at_once() throws IOException {
    var changes =
        """
        {"method": {"tuning": "full"}, "data": {"max_length": 16384, "max_tokens": 16384},
         "deploy": {"target": "gpu", "engine": "vllm"}, "quantize": {"scheme": "none"}}
        """;
    var small = new Hardware("cpu", false, 4 * GIB, 2, 0, false, false);
    assertThat(plan(small, Specs.supportTriage(changes)).refusals())
        .containsExactly(
            "training needs about 15.0 GB, and cpu gives 2.2 GB: logits take 9.7 GB; lower data.max_length (16384), take"
                + " method.tuning: lora, or take a larger shape",
            "data.max_length is 16384; this model takes at most 8192 tokens: lower it",
            "deploy.target is gpu; there is none here: write cpu, or auto",
            "deploy.engine is vllm, which has no build for this system; write transformers");
  }

  @Test
  void an_adapter_that_this_model_cannot_carry_is_refused() throws IOException {
    var outcome =
        plan(
            LAPTOP,
            Specs.supportTriage(
                "{\"method\": {\"lora\": {\"target_modules\": [\"q_proj\", \"c_attn\"], \"r\": 600}}}"));
    assertThat(outcome.refusals())
        .containsExactly(
            "method.lora.r is 600; the model servers load at most 512: lower it",
            "method.lora.target_modules has c_attn; this model's linear layers are down_proj, gate_proj, k_proj, o_proj, q_proj,"
                + " up_proj, v_proj");
  }

  @Test
  void
      a_head_size_that_the_cpu_engine_does_not_compute_is_refused_before_it_fails_at_the_first_token()
          throws IOException {
    var model = SmallModel.in(folder, Map.of("head_dim", 16));
    assertThat(
            new Planner(LAPTOP, SpecPolicy.current()).plan(Specs.supportTriage(), model).refusals())
        .containsExactly(
            "deploy.engine is vllm on a CPU, which computes no attention heads of 16; write engine: transformers");
  }

  @Test
  void a_folder_that_holds_no_model_is_told_in_a_sentence() throws IOException {
    assertUnreadable(
        Files.createDirectory(folder.resolve("empty")), "the base model has no config.json");
    var noWeights = SmallModel.in(folder.resolve("noWeights"));
    Files.delete(noWeights.resolve("model.safetensors"));
    assertUnreadable(noWeights, "no safetensors file");
    var torn = SmallModel.in(folder.resolve("torn"));
    Files.write(torn.resolve("model.safetensors"), new byte[] {40, 0, 0, 0, 0, 0, 0, 0, '{'});
    assertUnreadable(torn, "model.safetensors is cut short");
    Files.writeString(torn.resolve("model.safetensors"), "garbage that is long enough");
    assertUnreadable(torn, "model.safetensors is no safetensors file");
    assertUnreadable(
        SmallModel.in(folder.resolve("audio"), Map.of("hidden_size", 0)), "has no hidden_size");
  }

  @Test
  void a_model_without_a_chat_template_is_refused() throws IOException {
    var model = SmallModel.in(folder);
    Files.delete(model.resolve("chat_template.jinja"));
    assertThat(
            new Planner(LAPTOP, SpecPolicy.current()).plan(Specs.supportTriage(), model).refusals())
        .singleElement()
        .asString()
        .startsWith("the base model has no chat template");
  }

  @Test
  void qlora_computes_in_bf16_on_a_cpu_too() throws IOException {
    var spec = plan(LAPTOP, Specs.supportTriage("{\"method\": {\"tuning\": \"qlora\"}}")).spec();
    assertThat(spec.train().precision()).isEqualTo(TrainSpec.Precision.BF16);
    assertThat(spec.method().tuning()).isEqualTo(MethodSpec.Tuning.QLORA);
  }

  private void assertUnreadable(Path model, String why) {
    assertThatThrownBy(
            () -> new Planner(LAPTOP, SpecPolicy.current()).plan(Specs.supportTriage(), model))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(why);
  }

  private Planner.Outcome plan(Hardware hardware, Spec spec) throws IOException {
    return new Planner(hardware, SpecPolicy.current())
        .plan(spec, SmallModel.in(folder.resolve("model")));
  }
}
