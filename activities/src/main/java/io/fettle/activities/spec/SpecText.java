package io.fettle.activities.spec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.util.Map;

/** What is generated from the spec's records: JSON Schema, reference page, commented spec. */
public final class SpecText {
  private static final ObjectMapper PRETTY =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private SpecText() {}

  /** JSON Schema (draft 2020-12) of a spec, for editors and other tools. */
  public static String schema() {
    try {
      return PRETTY.writeValueAsString(JsonSchema.of(Shapes.SPEC)) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the schema cannot be written: " + e.getOriginalMessage(), e);
    }
  }

  /** The reference page, Markdown. */
  public static String reference() {
    return ReferencePage.of(Shapes.SPEC);
  }

  /**
   * A spec with every key: the chosen ones are set, the others stand in comments with their
   * defaults.
   *
   * @param chosen values by path, as {@code data.mapping.prompt}; a list's items are quoted one by
   *     one
   */
  public static String commented(Map<String, Object> chosen) {
    return CommentedSpec.of(Shapes.SPEC, chosen);
  }
}
