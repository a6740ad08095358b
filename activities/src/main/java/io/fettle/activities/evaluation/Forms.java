package io.fettle.activities.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Scoring;
import io.fettle.workflows.wire.Wire;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a request that enforce the form of its answer while it is decoded. */
final class Forms {
  private Forms() {}

  /**
   * One of the labels, or an object of the schema; nothing where the task has no form.
   *
   * @param references of the training rows, for criteria that name no labels
   */
  static Map<String, JsonNode> of(Criteria criteria, List<String> references) {
    return switch (criteria.task()) {
      case "classification" -> {
        ObjectNode form = Wire.mapper().createObjectNode();
        List<String> labels =
            criteria.labels().isEmpty()
                ? references.stream().distinct().sorted().toList()
                : criteria.labels();
        labels.forEach(form.putArray("choice")::add);
        yield Map.of("structured_outputs", form); // vLLM's; an answer is the bare label
      }
      case "extraction" -> Map.of("response_format", object(criteria.scoring()));
      default -> Map.of();
    };
  }

  private static JsonNode object(@Nullable Scoring scoring) {
    ObjectNode form = Wire.mapper().createObjectNode();
    String schema = scoring == null ? null : scoring.jsonSchema();
    if (schema == null) {
      return form.put("type", "json_object");
    }
    try {
      form.put("type", "json_schema")
          .putObject("json_schema")
          .put("name", "answer")
          .set("schema", Wire.mapper().readTree(schema));
      return form;
    } catch (JsonProcessingException broken) {
      throw new IllegalArgumentException("the criteria's schema is no JSON", broken);
    }
  }
}
