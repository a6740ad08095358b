package io.fettle.data.read;

/**
 * Which field is what. Names are matched exactly; an empty one is not mapped.
 *
 * @param prompt the field or column that becomes the user turn; unused for chat rows
 * @param completion the field or column that becomes the answer; unused for chat rows
 * @param system the field or column that becomes the system turn; unused for chat rows
 * @param systemText the system turn of rows that bring none
 * @param group the field or column whose equal values must stay on one side of the split
 * @param batch the field or column that names what a row came in: an export, an annotator
 */
public record FieldMapping(
    String prompt,
    String completion,
    String system,
    String systemText,
    String group,
    String batch) {
  /** Without batches. */
  public FieldMapping(
      String prompt, String completion, String system, String systemText, String group) {
    this(prompt, completion, system, systemText, group, "");
  }

  /** Prompt and completion as they are usually called, and nothing else. */
  public static FieldMapping usual() {
    return new FieldMapping("prompt", "completion", "", "", "");
  }
}
