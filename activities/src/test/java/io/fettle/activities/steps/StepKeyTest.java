package io.fettle.activities.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.workflows.wire.Wire;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StepKeyTest {
  record Inputs(String model, int rows, double rate, List<String> parts) {}

  record WiderInputs(
      List<String> parts, double rate, Optional<String> added, int rows, String model) {}

  @Test
  void the_hash_is_the_same_in_every_release() {
    var key = StepKey.of("merge", new Inputs("m", 160, 2e-4, List.of("a", "b")), "env");
    assertThat(key.hash())
        .isEqualTo("5b3a950a541f2dd91476f1f3d314ca312f18c12276cee482b97b2c3f970918dc");
  }

  @Test
  void the_order_of_fields_and_a_field_added_empty_do_not_count() {
    var before = StepKey.of("merge", new Inputs("m", 160, 2e-4, List.of("a")), "env");
    var after =
        StepKey.of("merge", new WiderInputs(List.of("a"), 2e-4, Optional.empty(), 160, "m"), "env");
    assertThat(after).isEqualTo(before);
  }

  @Test
  void everything_else_counts() {
    var inputs = new Inputs("m", 160, 2e-4, List.of("a", "b"));
    var keys =
        List.of(
            StepKey.of("merge", inputs, "env"),
            StepKey.of("quantize", inputs, "env"),
            StepKey.of("merge", inputs, "other"),
            StepKey.of("merge", new Inputs("m", 161, 2e-4, List.of("a", "b")), "env"),
            StepKey.of("merge", new Inputs("m", 160, 2e-4, List.of("b", "a")), "env"),
            StepKey.of("merge", new Inputs("m", 160, 2e-4, List.of("ab")), "env"));
    assertThat(keys).extracting(StepKey::hash).doesNotHaveDuplicates();
  }

  @Test
  void any_value_hashes_alike_however_its_fields_are_ordered_and_after_a_round_trip()
      throws Exception {
    var random = new Random(11);
    for (int trial = 0; trial < 2_000; trial++) {
      ObjectNode value = object(random, 3);
      var key = StepKey.of("step", value, "");
      assertThat(StepKey.of("step", shuffled(value, random), "")).isEqualTo(key);
      assertThat(StepKey.of("step", Wire.mapper().readTree(value.toString()), "")).isEqualTo(key);
    }
  }

  @Test
  void a_kind_that_is_no_word_is_refused() {
    assertThatIllegalArgumentException().isThrownBy(() -> StepKey.of("../merge", Map.of(), ""));
  }

  private static ObjectNode object(Random random, int depth) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (int n = random.nextInt(5); n >= 0; n--) {
      object.set("k" + random.nextInt(20), value(random, depth));
    }
    return object;
  }

  private static JsonNode value(Random random, int depth) {
    var nodes = JsonNodeFactory.instance;
    return switch (random.nextInt(depth == 0 ? 5 : 7)) {
      case 0 -> nodes.nullNode();
      case 1 -> nodes.numberNode(random.nextLong());
      case 2 -> nodes.numberNode(random.nextGaussian());
      case 3 -> nodes.booleanNode(random.nextBoolean());
      case 4 -> nodes.textNode("t\u00e9\"" + random.nextInt());
      case 5 -> object(random, depth - 1);
      default -> nodes.arrayNode().add(value(random, depth - 1)).add(value(random, depth - 1));
    };
  }

  private static Map<String, JsonNode> shuffled(ObjectNode value, Random random) {
    List<Map.Entry<String, JsonNode>> fields = new ArrayList<>(value.properties());
    Collections.shuffle(fields, random);
    Map<String, JsonNode> shuffled = new LinkedHashMap<>();
    fields.forEach(field -> shuffled.put(field.getKey(), field.getValue()));
    return shuffled;
  }
}
