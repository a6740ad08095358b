package io.fettle.workflows.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fettle.workflows.wire.Copies;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changes a mark beside metric and reference; part of the hashed criteria, so everything is
 * here by value: a file that changes later changes nothing.
 *
 * @param jsonSchema text of the schema that answers have to satisfy
 * @param code how code is tried
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Scoring(@Nullable String jsonSchema, @Nullable Code code) {

  /**
   * A file that is made of an answer and run.
   *
   * @param template of the file's text, with {@code {answer}}, {@code {reference}} and perhaps
   *     {@code {token}}
   * @param readOnly folders that it may read beside the usual ones
   */
  public record Code(
      List<String> command, String file, String template, Limits limits, List<String> readOnly) {
    public Code {
      command = Copies.list(command);
      readOnly = Copies.list(readOnly);
    }
  }

  /** Of one run in the sandbox; MiB of memory and of a file, KiB of output. */
  public record Limits(Duration time, int memoryMib, int processes, int fileMib, int outputKib) {}
}
