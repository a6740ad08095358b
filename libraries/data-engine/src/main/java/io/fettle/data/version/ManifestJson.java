package io.fettle.data.version;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fettle.data.version.DatasetManifest.Shard;
import java.io.IOException;
import java.util.TreeSet;
import java.util.function.Consumer;

/** Manifests to canonical JSON and back. */
final class ManifestJson {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private ManifestJson() {}

  static byte[] bytes(DatasetManifest manifest) {
    ObjectNode tree = JSON.valueToTree(manifest);
    ObjectNode origin = (ObjectNode) tree.get("origin");
    origin.set("config", sorted(manifest.origin().config()));
    shards(tree, ManifestJson::leaveOutUsualPlace);
    try {
      return JSON.writeValueAsBytes(tree);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a manifest is always JSON", e);
    }
  }

  static DatasetManifest parsed(byte[] json) throws IOException {
    JsonNode tree = JSON.readTree(json);
    if (!tree.isObject()) {
      throw new JsonParseException((JsonParser) null, "it is no JSON object");
    }
    shards(tree, shard -> shard.putIfAbsent("file", TextNode.valueOf("")));
    return JSON.treeToValue(tree, DatasetManifest.class);
  }

  private static void leaveOutUsualPlace(ObjectNode shard) {
    String usual = Shard.usualPlace(shard.path("sha256").asText());
    if (shard.path("file").asText().equals(usual)) {
      shard.remove("file");
    }
  }

  private static void shards(JsonNode manifest, Consumer<ObjectNode> visitor) {
    for (JsonNode part : manifest.path("parts")) {
      for (JsonNode shard : part.path("shards")) {
        if (shard instanceof ObjectNode object) {
          visitor.accept(object);
        }
      }
    }
  }

  /** The same with every object's keys in order; lists keep theirs. */
  private static JsonNode sorted(JsonNode node) {
    if (node.isArray()) {
      ArrayNode list = JSON.createArrayNode();
      node.forEach(element -> list.add(sorted(element)));
      return list;
    }
    if (!node.isObject()) {
      return node;
    }
    var names = new TreeSet<String>();
    node.fieldNames().forEachRemaining(names::add);
    ObjectNode object = JSON.createObjectNode();
    names.forEach(name -> object.set(name, sorted(node.get(name))));
    return object;
  }
}
