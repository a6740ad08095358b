package io.fettle.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.cli.ExitCode;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PlanCommandTest extends CommandTest {

  @BeforeEach
  void aPoolOfOnesOwnMachines() throws IOException {
    put("home/pools.yaml", "pools: {lab: {provider: static}}\n");
    put("rows.jsonl", "{}\n");
    put(
        "a.yaml",
        "apiVersion: fettle/v1\nname: a\nmodel: {source: path, path: model}\ndata: {train: rows.jsonl, max_length: 128}\n");
    model();
  }

  @Test
  void an_agent_that_has_registered_is_planned_for() throws IOException {
    put(
        "home/state/store/capacity/agents/lab/rack-7.alive",
        "{\"host\": \"rack-7\", \"boot\": \"b\", \"shape\": \"a10g-24gb-x1\"}");

    assertThat(plan()).as(err.toString()).isZero();
    assertThat(lastLine().path("shape").asText()).isEqualTo("a10g-24gb-x1");
  }

  @Test
  void where_none_has_the_plan_says_so() throws IOException {
    assertThat(plan()).isEqualTo(2);
    assertThat(lastLine().at("/refusals/0").asText())
        .startsWith("no agent of pool lab has registered in this store with a shape that is known");
  }

  @Test
  void a_store_that_cannot_be_read_is_not_taken_for_the_models_folder() throws IOException {
    put("home/state/store/capacity/agents/lab/rack-7.alive", "half a rec");

    assertThat(plan()).isEqualTo(ExitCode.UNREACHABLE.code());
    assertThat(err.toString()).contains("half").doesNotContain(at("model"));
  }

  private int plan() {
    return fettle("plan", at("a.yaml"), "--pool", "lab", "--model", at("model"), "--json");
  }

  private void put(String name, String text) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** A config and tensor headers, without weights. */
  private void model() throws IOException {
    put(
        "model/config.json",
        "{\"architectures\": [\"LlamaForCausalLM\"], \"hidden_size\": 576, \"head_dim\": 64, \"intermediate_size\": 1536,"
            + " \"num_attention_heads\": 9, \"num_hidden_layers\": 1, \"num_key_value_heads\": 3, \"vocab_size\": 49152,"
            + " \"max_position_embeddings\": 8192}");
    put("model/tokenizer_config.json", "{}");
    put("model/chat_template.jinja", "{{ messages }}");
    Map<String, Object> tensors = new LinkedHashMap<>();
    tensors.put("model.embed_tokens.weight", tensor(49152, 576));
    tensors.put("model.norm.weight", tensor(576));
    var block = "model.layers.0.";
    tensors.put(block + "input_layernorm.weight", tensor(576));
    tensors.put(block + "post_attention_layernorm.weight", tensor(576));
    tensors.put(block + "self_attn.q_proj.weight", tensor(576, 576));
    tensors.put(block + "self_attn.k_proj.weight", tensor(192, 576));
    tensors.put(block + "self_attn.v_proj.weight", tensor(192, 576));
    tensors.put(block + "self_attn.o_proj.weight", tensor(576, 576));
    tensors.put(block + "mlp.gate_proj.weight", tensor(1536, 576));
    tensors.put(block + "mlp.up_proj.weight", tensor(1536, 576));
    tensors.put(block + "mlp.down_proj.weight", tensor(576, 1536));
    var header = Wire.mapper().writeValueAsBytes(tensors);
    Files.write(
        Path.of(at("model/model.safetensors")),
        ByteBuffer.allocate(8 + header.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .array());
  }

  private static Map<String, Object> tensor(int... shape) {
    return Map.of("dtype", "BF16", "shape", shape, "data_offsets", List.of(0, 0));
  }
}
