package io.fettle.activities.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.programs.Environments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Who keeps an engine alive. The engine is a stand-in that answers one token to everybody. */
@Timeout(60)
class EnginesTest {
  private static final Path ROOT = Path.of(System.getProperty("fettle.root", ".."));
  private static final String ENDPOINT = EngineRecord.ENDPOINT + "triage";
  private static final EngineFlags FLAGS =
      new EngineFlags(EngineFlags.Kind.VLLM, "cpu", "float32", "0".repeat(64), 128, 2, 0);
  private static final String ENGINE =
      """
      #!/bin/sh
      while [ $# -gt 0 ]; do [ "$1" = --port ] && port=$2; shift; done
      exec python3 -c "
      import http.server, json, sys
      class Handler(http.server.BaseHTTPRequestHandler):
          def do_POST(self):
              body = json.dumps({'choices': [{'message': {'content': 'x'}}], 'usage': {}}).encode()
              self.send_response(200)
              self.send_header('Content-Length', str(len(body)))
              self.end_headers()
              self.wfile.write(body)
      http.server.HTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
      " "$port"
      """;

  @TempDir Path home;
  private Engines engines;
  private Environments environments;

  @BeforeEach
  void anEnvironmentWhosePythonIsAnEngine() throws IOException {
    environments = new Environments(Environments.Options.of(ROOT, home));
    Path folder = home.resolve("envs/serve-" + environments.lockHash("serve").substring(0, 12));
    Path python = folder.resolve("bin/python");
    Files.createDirectories(python.getParent());
    Files.writeString(python, ENGINE);
    Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createFile(folder.resolve(".complete"));
    engines = new Engines(home.resolve("engines"), environments);
  }

  @AfterEach
  void stopAll() throws Exception {
    engines.leaveAll("run-a");
    engines.leaveAll("run-b");
    engines.leaveAll(ENDPOINT);
  }

  @Test
  void equal_flags_are_one_engine_that_lives_until_its_last_owner_has_left() throws Exception {
    Engines.Running first = ensure("run-a");
    Engines.Running second = ensure("run-b");

    assertThat(second.program().pid()).isEqualTo(first.program().pid());
    engines.leaveAll("run-a");
    assertThat(first.program().alive()).isTrue();
    engines.leaveAll("run-b");
    assertThat(first.program().await(Duration.ofSeconds(5))).isPresent();
  }

  @Test
  void an_endpoints_engine_outlives_every_run_that_asked_it() throws Exception {
    Engines.Running evaluated = ensure("run-a");
    ensure(ENDPOINT);
    engines.leaveAll("run-a");
    ensure("run-b");
    engines.leaveAll("run-b");

    assertThat(evaluated.program().alive()).isTrue();
    engines.leave(evaluated.record().key(), ENDPOINT);
    assertThat(evaluated.program().await(Duration.ofSeconds(5))).isPresent();
  }

  @Test
  void one_who_owns_nothing_stops_nothing() throws Exception {
    Engines.Running engine = ensure("run-a");

    engines.leave(engine.record().key(), ENDPOINT);
    engines.leaveAll("run-b");

    assertThat(engine.program().alive()).isTrue();
  }

  @Test
  void an_engine_that_its_last_owner_has_left_is_not_joined_again() throws Exception {
    Engines.Running left = ensure("run-a");
    engines.leaveAll("run-a");

    Engines.Running next = ensure("run-b");

    assertThat(next.program().pid()).isNotEqualTo(left.program().pid());
    assertThat(next.server().generates()).isTrue();
  }

  @Test
  void an_engine_whose_ender_died_is_ended_by_the_next_who_looks() throws Exception {
    Engines.Running left = ensure("run-a");
    Path record = left.program().workdir().resolve("engine.json");
    Files.writeString(
        record, Files.readString(record).replace("[\"run-a\"]", "[]")); // then the agent died

    Engines.Running next = ensure("run-b");

    assertThat(left.program().alive()).isFalse();
    assertThat(next.server().generates()).isTrue();
  }

  @Test
  void agents_beside_each_other_start_one_engine() throws Exception {
    Engines other = new Engines(home.resolve("engines"), environments);
    var started = new java.util.concurrent.CompletableFuture<Engines.Running>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                started.complete(other.ensure(FLAGS, home, "model", "run-b", _ -> {}));
              } catch (Exception failure) {
                started.completeExceptionally(failure);
              }
            });

    Engines.Running mine = ensure("run-a");

    assertThat(started.get().program().pid()).isEqualTo(mine.program().pid());
  }

  private Engines.Running ensure(String owner) throws Exception {
    return engines.ensure(FLAGS, home, "model", owner, _ -> {});
  }
}
