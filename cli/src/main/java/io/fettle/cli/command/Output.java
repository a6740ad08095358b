package io.fettle.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fettle.cli.view.Screen;
import io.fettle.workflows.wire.Wire;
import java.io.PrintWriter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Where a command writes; mixed into each command that has something to tell a machine ({@link
 * Mixin}). With {@code --json} prose goes to stderr, and the last line of stdout is one JSON
 * object.
 */
final class Output {
  @Option(names = "--json", description = "Print one JSON object as the last line, for machines.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  boolean isJson() {
    return json;
  }

  /** A line for people. */
  void say(String line) {
    writer().println(line);
    writer().flush();
  }

  /** For a command that shows something while it goes. */
  Screen screen() {
    return Screen.of(writer(), !json);
  }

  private PrintWriter writer() {
    return json ? command.commandLine().getErr() : command.commandLine().getOut();
  }

  /** The result for machines: one line, printed with {@code --json} only. */
  void result(Object result) {
    if (!json) {
      return;
    }
    PrintWriter out = command.commandLine().getOut();
    try {
      out.println(Wire.mapper().writeValueAsString(result));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(
          "cannot write " + result.getClass().getName() + " as JSON", e);
    }
    out.flush();
  }
}
