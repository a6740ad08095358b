package io.fettle.cli.data;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.data.dedup.NearDuplicates.Column;
import io.fettle.data.read.FieldMapping;
import java.util.List;

/**
 * What of a file's rows is compared.
 *
 * @param fields which fields become the rows' prompts and answers
 */
public record Columns(Column column, FieldMapping fields) {
  private static final String PROMPT = "prompt";
  private static final String COMPLETION = "completion";

  /**
   * The words {@code prompt} and {@code completion} mean a row's parts, whatever the file calls
   * them; others are fields of the file.
   *
   * @throws CommandFailure where there are none, or more than two
   */
  public static Columns of(List<String> names) {
    if (names.isEmpty() || names.size() > 2) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "--columns names %d columns; one or two are compared, as in prompt,completion"
              .formatted(names.size()));
    }
    if (!List.of(PROMPT, COMPLETION).containsAll(names)) {
      var fields = new FieldMapping(names.getFirst(), names.getLast(), "", "", "");
      return new Columns(names.size() == 1 ? Column.PROMPT : Column.WHOLE, fields);
    }
    if (names.size() == 2) {
      return new Columns(Column.WHOLE, FieldMapping.usual());
    }
    boolean isPrompt = names.getFirst().equals(PROMPT);
    return new Columns(isPrompt ? Column.PROMPT : Column.RESPONSE, FieldMapping.usual());
  }
}
