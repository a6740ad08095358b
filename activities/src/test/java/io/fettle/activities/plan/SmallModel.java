package io.fettle.activities.plan;

import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A folder with the config and the tensor headers of SmolLM2-135M, without its weights. */
final class SmallModel {
  private SmallModel() {}

  static Path in(Path folder) throws IOException {
    return in(folder, Map.of());
  }

  static Path in(Path folder, Map<String, Object> otherConfig) throws IOException {
    Files.createDirectories(folder);
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architectures", List.of("LlamaForCausalLM"));
    config.put("hidden_size", 576);
    config.put("head_dim", 64);
    config.put("intermediate_size", 1536);
    config.put("num_attention_heads", 9);
    config.put("num_hidden_layers", 30);
    config.put("num_key_value_heads", 3);
    config.put("vocab_size", 49152);
    config.put("max_position_embeddings", 8192);
    config.putAll(otherConfig);
    Files.write(folder.resolve("config.json"), Wire.mapper().writeValueAsBytes(config));
    Files.writeString(folder.resolve("tokenizer_config.json"), "{}");
    Files.writeString(folder.resolve("chat_template.jinja"), "{{ messages }}");
    var header = Wire.mapper().writeValueAsBytes(tensors());
    var file =
        ByteBuffer.allocate(8 + header.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header);
    Files.write(folder.resolve("model.safetensors"), file.array());
    return folder;
  }

  private static Map<String, Object> tensors() {
    Map<String, Object> tensors = new LinkedHashMap<>();
    tensors.put("__metadata__", Map.of("format", "pt"));
    tensors.put("model.embed_tokens.weight", tensor(49152, 576));
    tensors.put("model.norm.weight", tensor(576));
    for (int layer = 0; layer < 30; layer++) {
      var block = "model.layers." + layer + ".";
      tensors.put(block + "input_layernorm.weight", tensor(576));
      tensors.put(block + "post_attention_layernorm.weight", tensor(576));
      tensors.put(block + "self_attn.q_proj.weight", tensor(576, 576));
      tensors.put(block + "self_attn.k_proj.weight", tensor(192, 576));
      tensors.put(block + "self_attn.v_proj.weight", tensor(192, 576));
      tensors.put(block + "self_attn.o_proj.weight", tensor(576, 576));
      tensors.put(block + "mlp.gate_proj.weight", tensor(1536, 576));
      tensors.put(block + "mlp.up_proj.weight", tensor(1536, 576));
      tensors.put(block + "mlp.down_proj.weight", tensor(576, 1536));
    }
    return tensors;
  }

  private static Map<String, Object> tensor(int... shape) {
    return Map.of("dtype", "BF16", "shape", shape, "data_offsets", List.of(0, 0));
  }
}
