package io.fettle.cli.command;

import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.spec.SpecText;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.data.read.UnreadableFile;
import io.fettle.data.row.Message;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import io.fettle.workflows.spec.SpecPolicy;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "init",
    description = {
      "Writes a commented spec for a file of rows.",
      "Guesses format, fields and task, and shows three rows as the model will see them. Overwrites",
      "nothing."
    },
    mixinStandardHelpOptions = true)
public final class InitCommand implements Callable<Integer> {
  private static final int ROWS_SHOWN = 3;
  private static final int LONGEST_SHOWN = 300;

  @Mixin private Output output;

  @Option(
      names = "--from",
      paramLabel = "ROWS",
      description = "The rows: JSON lines or CSV. Without it, a sample is written.")
  private @Nullable Path from;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      defaultValue = SpecFile.USUAL_NAME,
      description = "The spec to write (default: ${DEFAULT-VALUE}).")
  private Path target;

  @Option(
      names = "--prompt",
      paramLabel = "FIELD",
      description = "The field with what the user says, if the guess is wrong.")
  private @Nullable String prompt;

  @Option(
      names = "--completion",
      paramLabel = "FIELD",
      description = "The field with the answer, if the guess is wrong.")
  private @Nullable String completion;

  record Result(String spec, Map<String, Object> chosen, long rows, long badRows) {}

  @Override
  public Integer call() {
    if (Files.exists(target)) throw isThere(target);
    var rows = from == null ? SampleRows.write(folder()) : from;
    var draft = draft(rows);
    var chosen = draft.chosen(relative(rows));
    write(head() + SpecText.commented(chosen));
    show(rows, draft);
    output.result(new Result(target.toString(), chosen, draft.rows(), draft.badRows()));
    return ExitCode.DONE.code();
  }

  private String head() {
    return """
    # A spec for Fettle, written by `fettle init`. Every key is here; those in comments show their default.
    #   fettle validate %1$s    tells every problem at once
    #   fettle plan %1$s        says what it needs
    #   fettle run %1$s         runs it
    """
        .formatted(target);
  }

  private Draft draft(Path rows) {
    try {
      var draft = Draft.of(rows, Optional.ofNullable(prompt), Optional.ofNullable(completion));
      if (draft.rows() > 0) return draft;
      throw new CommandFailure(
          ExitCode.INVALID,
          "%s has no usable row (%d bad ones%s); a row is {\"messages\": [...]}, a prompt with its completion, or a CSV line"
              .formatted(rows, draft.badRows(), draft.worst()));
    } catch (Draft.Unclear | UnreadableFile e) {
      throw new CommandFailure(ExitCode.INVALID, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.INVALID, "cannot read " + rows + ": " + e.getMessage(), e);
    }
  }

  private Path folder() {
    return Optional.ofNullable(target.toAbsolutePath().normalize().getParent())
        .orElse(Path.of("").toAbsolutePath());
  }

  /** As the spec names it: its paths start at its own folder. */
  private String relative(Path rows) {
    return folder().relativize(rows.toAbsolutePath().normalize()).toString();
  }

  private void write(String text) {
    var reading =
        new SpecReader(SpecPolicy.current()).read(target.toString(), text, folder(), List.of());
    if (reading.accepted().isEmpty())
      throw new CommandFailure(
          ExitCode.INVALID, "no spec can be written for these rows: " + reading.describe());
    try {
      Files.writeString(target, text, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw isThere(target);
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.INVALID, "cannot write " + target + ": " + e.getMessage(), e);
    }
  }

  private static CommandFailure isThere(Path file) {
    return new CommandFailure(
        ExitCode.INVALID, file + " is there already and is left as it is; name another with -o");
  }

  private void show(Path rows, Draft draft) {
    output.say(
        "%s: %,d rows, %s, task %s%s"
            .formatted(
                rows,
                draft.rows(),
                draft.formatName(),
                draft.task(),
                draft.badRows() == 0
                    ? ""
                    : "; %,d bad rows%s".formatted(draft.badRows(), draft.worst())));
    draft.first().stream().limit(ROWS_SHOWN).forEach(row -> show(row, draft));
    output.say("⟦...⟧ is what the model learns to say; the rest is only read.");
    output.say("wrote " + target + "; next: fettle validate " + target + ", fettle plan " + target);
  }

  private void show(Row row, Draft draft) {
    output.say("  " + row.id());
    draft.systemPrompt().ifPresent(text -> output.say(line(new Message(Role.SYSTEM, text))));
    row.messages().forEach(message -> output.say(line(message)));
  }

  private static String line(Message message) {
    var text = message.content().replaceAll("\\s*\\R\\s*", " / ");
    var shown = text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "...";
    var role = message.role().name().toLowerCase(Locale.ROOT);
    return String.format(
        Locale.ROOT,
        "    %-9s  %s",
        role,
        message.role() == Role.ASSISTANT ? "⟦" + shown + "⟧" : shown);
  }
}
