package io.fettle.activities.steps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;

/**
 * The stored form of a result. It carries the hash of the result, so that a flipped bit is as
 * visible as a torn file.
 *
 * @param sha256 of {@code result} in canonical JSON
 */
record StepRecord(int format, String kind, String hash, String sha256, JsonNode result) {
  private static final int FORMAT = 1;

  static byte[] encoded(StepKey key, Object result) throws JsonProcessingException {
    ObjectMapper mapper = Wire.mapper();
    JsonNode tree = mapper.valueToTree(result);
    var record =
        new StepRecord(
            FORMAT, key.kind(), key.hash(), Stores.sha256(CanonicalJson.bytes(tree)), tree);
    return mapper.writeValueAsBytes(record);
  }

  /**
   * The result in a record's bytes.
   *
   * @throws IOException if the bytes are not a whole record of this step
   */
  static <T> T decoded(StepKey key, Class<T> type, byte[] bytes) throws IOException {
    JsonNode tree = Wire.mapper().readTree(bytes);
    JsonNode result = tree.path("result");
    if (!key.hash().equals(tree.path("hash").asText())
        || !key.kind().equals(tree.path("kind").asText())) {
      throw new IOException("it is not a record of this step");
    }
    if (!Stores.sha256(CanonicalJson.bytes(result)).equals(tree.path("sha256").asText())) {
      throw new IOException("its result does not have the hash that was recorded with it");
    }
    T value = Wire.mapper().treeToValue(result, type);
    if (value == null) {
      throw new IOException("its result is null");
    }
    return value;
  }
}
