package io.fettle.activities.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The sizes of a decoder model, from {@code config.json} and the headers of its safetensors files.
 *
 * @param architecture as the config names it
 * @param keyValue width of all key heads together
 * @param feedForward inner width of the feed-forward block
 * @param maxLength longest sequence, in tokens
 * @param parameters all weights
 * @param linears the linear layers of the blocks by module name, as {@code q_proj}; an adapter may
 *     sit on them
 */
record ModelShape(
    String architecture,
    int layers,
    int hidden,
    int heads,
    int headSize,
    int keyValue,
    int feedForward,
    int vocabulary,
    int maxLength,
    boolean hasChatTemplate,
    long parameters,
    SortedMap<String, List<Linear>> linears) {

  private static final int LARGEST_HEADER = 100 << 20;
  private static final Pattern IN_A_BLOCK =
      Pattern.compile("(?:.*\\.)?\\d+\\.(?:.*\\.)?([A-Za-z0-9_]+)\\.weight");

  ModelShape {
    linears = Collections.unmodifiableSortedMap(new TreeMap<>(linears));
  }

  /** A linear layer's weight, {@code [out, in]}. */
  record Linear(int out, int in) {
    long weights() {
      return (long) out * in;
    }
  }

  /** A model that cannot be planned for; the message says what is missing and what to do. */
  static final class Unreadable extends IOException {
    Unreadable(String message) {
      super(message);
    }
  }

  /** Weights of all linear layers of the blocks: those that 4-bit loading shrinks. */
  long linearWeights() {
    return linears.values().stream().flatMap(List::stream).mapToLong(Linear::weights).sum();
  }

  static ModelShape read(ModelFiles files) throws IOException {
    var config = json(files, "config.json");
    var text = config.has("text_config") ? config.get("text_config") : config;
    int hidden = number(text, "hidden_size", "n_embd");
    int heads = number(text, "num_attention_heads", "n_head");
    int headSize = text.path("head_dim").asInt(hidden / Math.max(1, heads));
    var tensors = tensors(files);
    return new ModelShape(
        config.path("architectures").path(0).asText("unknown"),
        number(text, "num_hidden_layers", "n_layer"),
        hidden,
        heads,
        headSize,
        text.path("num_key_value_heads").asInt(heads) * headSize,
        text.path("intermediate_size").asInt(4 * hidden),
        number(text, "vocab_size", "vocab_size"),
        text.path("max_position_embeddings")
            .asInt(text.path("n_positions").asInt(Integer.MAX_VALUE)),
        hasChatTemplate(files),
        tensors.values().stream().mapToLong(ModelShape::product).sum(),
        linears(tensors));
  }

  private static JsonNode json(ModelFiles files, String name) throws IOException {
    var bytes =
        files
            .find(name)
            .orElseThrow(
                () ->
                    new Unreadable(
                        "the base model has no "
                            + name
                            + "; a folder as save_pretrained writes it is needed"));
    try {
      return Wire.mapper().readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new Unreadable("the base model's " + name + " is no JSON: " + e.getOriginalMessage());
    }
  }

  private static int number(JsonNode config, String name, String otherName) throws Unreadable {
    var value = config.has(name) ? config.get(name) : config.path(otherName);
    if (value.asInt() > 0) return value.asInt();
    throw new Unreadable(
        "the base model's config.json has no "
            + name
            + "; only decoder language models can be planned for");
  }

  private static boolean hasChatTemplate(ModelFiles files) throws IOException {
    if (files.names().contains("chat_template.jinja")) return true;
    return files.names().contains("tokenizer_config.json")
        && json(files, "tokenizer_config.json").has("chat_template");
  }

  /** Every tensor's dimensions, by name. */
  private static Map<String, List<Integer>> tensors(ModelFiles files) throws IOException {
    var tensors = new TreeMap<String, List<Integer>>();
    for (var name : files.names()) {
      if (!name.endsWith(".safetensors")) continue;
      for (var entry : header(files, name).properties()) {
        if (entry.getKey().equals("__metadata__")) continue;
        var dimensions = new ArrayList<Integer>();
        entry.getValue().path("shape").forEach(d -> dimensions.add(d.asInt()));
        tensors.put(entry.getKey(), dimensions);
      }
    }
    if (tensors.isEmpty())
      throw new Unreadable("the base model has no safetensors file; other weights are not read");
    return tensors;
  }

  /** A safetensors file begins with its header: 8 bytes of length, little-endian, then JSON. */
  private static JsonNode header(ModelFiles files, String name) throws IOException {
    try (var in = files.open(name)) {
      var length = in.readNBytes(Long.BYTES);
      if (length.length < Long.BYTES)
        throw new Unreadable("the base model's " + name + " is cut short");
      long size = ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
      if (size < 2 || size > LARGEST_HEADER)
        throw new Unreadable("the base model's " + name + " is no safetensors file");
      var text = in.readNBytes((int) size);
      if (text.length < size) throw new Unreadable("the base model's " + name + " is cut short");
      return Wire.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new Unreadable("the base model's " + name + " is no safetensors file");
    }
  }

  private static long product(List<Integer> dimensions) {
    return dimensions.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  private static SortedMap<String, List<Linear>> linears(Map<String, List<Integer>> tensors) {
    var linears = new TreeMap<String, List<Linear>>();
    tensors.forEach(
        (name, dimensions) -> {
          var block = IN_A_BLOCK.matcher(name);
          if (dimensions.size() == 2 && block.matches()) {
            linears
                .computeIfAbsent(block.group(1), _ -> new ArrayList<>())
                .add(new Linear(dimensions.get(0), dimensions.get(1)));
          }
        });
    return linears;
  }
}
