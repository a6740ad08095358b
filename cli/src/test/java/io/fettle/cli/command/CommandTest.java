package io.fettle.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.cli.Fettle;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Commands as users type them, in a home of its own. */
abstract class CommandTest {
  private static final String HOME = System.getProperty("fettle.home", ".fettle");

  @TempDir Path folder;

  /** What the last command wrote. */
  StringWriter out = new StringWriter();

  StringWriter err = new StringWriter();

  @BeforeEach
  void aHomeOfItsOwn() {
    System.setProperty("fettle.home", folder.resolve("home").toString());
  }

  @AfterEach
  void theHomeOfTheBuild() {
    System.setProperty("fettle.home", HOME);
  }

  int fettle(String... arguments) {
    out = new StringWriter();
    err = new StringWriter();
    return Fettle.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  /** The last line of what it wrote, which {@code --json} makes an object. */
  JsonNode lastLine() throws IOException {
    return Wire.mapper().readTree(out.toString().lines().toList().getLast());
  }

  String at(String name) {
    return folder.resolve(name).toString();
  }
}
