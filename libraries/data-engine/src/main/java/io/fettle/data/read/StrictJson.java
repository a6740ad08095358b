package io.fettle.data.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** One JSON value and nothing behind it, no key twice, and no deeper than Python can follow. */
final class StrictJson {
  /**
   * Objects and lists in each other that a row may have; Python's reader gives up at a thousand.
   */
  static final int DEEPEST = 200;

  private StrictJson() {}

  /** A reader of trees of at most that depth. */
  static ObjectReader reader(int deepest) {
    var factory =
        JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(deepest).build())
            .build();
    return JsonMapper.builder(factory)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
        .build()
        .readerFor(JsonNode.class);
  }

  /** Whether it is a key that stands there twice. */
  static boolean isOfDuplicateKey(JsonProcessingException e) {
    return e.getOriginalMessage().startsWith("Duplicate ");
  }
}
