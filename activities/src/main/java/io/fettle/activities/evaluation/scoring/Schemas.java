package io.fettle.activities.evaluation.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One JSON Schema, Draft 2020-12. Nothing is fetched: a reference out of the schema is refused. */
final class Schemas {
  private static final int TOLD = 3;
  private static final int CHARACTERS = 300;

  private final Schema schema;

  private Schemas(Schema schema) {
    this.schema = schema;
  }

  /**
   * A schema.
   *
   * @throws IllegalArgumentException a sentence, if the text is none
   */
  static Schemas of(String text) {
    JsonNode node =
        Json.parse(text)
            .filter(n -> n.isObject() || n.isBoolean())
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "the JSON schema is no JSON object; write one as in {\"type\": \"object\"}"));
    try {
      Schema schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(node);
      schema.initializeValidators();
      return new Schemas(schema);
    } catch (SchemaException unusable) {
      throw new IllegalArgumentException(
          "the JSON schema cannot be used: %s; it may name nothing outside itself"
              .formatted(unusable.getMessage()),
          unusable);
    }
  }

  /** The first things that are wrong with a value; empty where it satisfies the schema. */
  Optional<String> problems(JsonNode value) {
    List<Error> errors = schema.validate(value);
    if (errors.isEmpty()) {
      return Optional.empty();
    }
    String told =
        errors.stream()
            .limit(TOLD)
            .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
            .collect(Collectors.joining("; "));
    return Optional.of(told.length() > CHARACTERS ? told.substring(0, CHARACTERS) + "…" : told);
  }
}
