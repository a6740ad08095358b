package io.fettle.cli.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The Temporal development server on a SQLite file.
 *
 * @param program the {@code temporal} binary
 * @param file the database; it outlives the process
 */
record EmbeddedServer(
    Path program, Path file, String namespace, int port, int uiPort, int httpPort) {
  static final int USUAL_PORT = 7233;
  static final int USUAL_UI_PORT = 8233;

  ChildSpec spec() {
    return new ChildSpec(
        "temporal", program.toString(), port, command(), Map.of(), _ -> Ports.answers(port));
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  String ui() {
    return "http://127.0.0.1:" + uiPort;
  }

  private List<String> command() {
    var command = new ArrayList<String>(List.of(program.toString(), "server", "start-dev"));
    command.addAll(List.of("--ip", "127.0.0.1", "--namespace", namespace));
    command.addAll(List.of("--port", "" + port, "--ui-port", "" + uiPort));
    command.addAll(List.of("--http-port", "" + httpPort, "--log-level", "warn"));
    command.addAll(List.of("--db-filename", file.toString()));
    // Survives the death of the process; a power cut may take the last moments, which the runs then
    // repeat.
    command.addAll(List.of("--sqlite-pragma", "journal_mode=wal"));
    command.addAll(List.of("--sqlite-pragma", "synchronous=1"));
    // The defaults poll SQLite so slowly that an empty step takes 70 ms instead of 12.
    command.addAll(List.of("--dynamic-config-value", "history.transferProcessorMaxPollRPS=2000"));
    command.addAll(List.of("--dynamic-config-value", "history.timerProcessorMaxPollRPS=2000"));
    return command;
  }
}
