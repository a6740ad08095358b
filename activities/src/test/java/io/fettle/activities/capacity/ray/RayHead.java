package io.fettle.activities.capacity.ray;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fettle.activities.programs.Environments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A real Ray head of this machine, which claims to have GPUs. */
final class RayHead implements AutoCloseable {
  private static final Duration START = Duration.ofMinutes(4);
  private static final Path ROOT = Path.of(System.getProperty("fettle.root"));
  private static final Path HOME = Path.of(System.getProperty("fettle.home"));

  private final Path ray;
  private final Path folder;
  private final int port = freePort();
  private final int dashboard = freePort();
  private Process process;

  /** The folder's path is short: Ray's sockets lie in it. */
  RayHead() throws Exception {
    ray = new Environments(Environments.Options.of(ROOT, HOME)).python("ray").resolveSibling("ray");
    folder = Files.createTempDirectory(Path.of("/tmp"), "ray");
    process = started();
  }

  /**
   * On a busy machine its parts may miss each other's deadlines: it ends then, and is tried again.
   */
  private Process started() throws Exception {
    for (int again = 2; again > 0; again--) {
      try {
        return startedOnce();
      } catch (IllegalStateException ended) {
        System.err.println(ended.getMessage());
      }
    }
    return startedOnce();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + dashboard);
  }

  private Process startedOnce() throws Exception {
    var words =
        new ArrayList<>(
            List.of(ray.toString(), "start", "--head", "--block", "--disable-usage-stats"));
    words.addAll(List.of("--port=" + port, "--dashboard-port=" + dashboard));
    words.addAll(List.of("--dashboard-host=127.0.0.1", "--node-ip-address=127.0.0.1"));
    words.addAll(List.of("--num-cpus=2", "--num-gpus=4", "--object-store-memory=100000000"));
    words.addAll(
        List.of(
            "--dashboard-agent-listen-port=" + freePort(),
            "--dashboard-agent-grpc-port=" + freePort(),
            "--metrics-export-port=" + freePort(),
            "--ray-client-server-port=" + freePort(),
            "--temp-dir=" + folder));
    var log = folder.resolve("head.log").toFile();
    var head = new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log).start();
    try {
      await(
          START,
          () -> {
            if (!head.isAlive()) {
              throw new IllegalStateException(Files.readString(log.toPath()));
            }
            return nodes().contains("\"ALIVE\"") && takesAJob();
          });
      return head;
    } catch (IllegalStateException e) {
      end(head);
      throw e;
    }
  }

  private static void end(Process head) {
    head.descendants().forEach(ProcessHandle::destroyForcibly);
    head.destroyForcibly().onExit().join();
  }

  /** Its jobs API answers before there is a node to run a job on. */
  private String nodes() {
    try (var answer = address().resolve("/nodes?view=summary").toURL().openStream()) {
      return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException notYet) {
      return "";
    }
  }

  /** There is a node before it has an agent that takes jobs. */
  private boolean takesAJob() {
    var nothing = JsonMapper.builder().build().createObjectNode().put("entrypoint", "true");
    try {
      return new JobsApi(address()).submit(nothing).isOk();
    } catch (IOException notYet) {
      return false;
    }
  }

  /** {@code kill -9} of all that the head consists of; what it had started has to see to itself. */
  void die() throws InterruptedException {
    var parts = process.children().toList();
    process.destroyForcibly();
    parts.forEach(ProcessHandle::destroyForcibly);
    process.waitFor(10, TimeUnit.SECONDS);
  }

  void comeBack() throws Exception {
    process = started();
  }

  static void await(Duration limit, Callable<Boolean> what) throws Exception {
    long end = System.nanoTime() + limit.toNanos();
    while (!what.call()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within " + limit);
      }
      Thread.sleep(100);
    }
  }

  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    end(process);
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException stillWriting) {
      folder.toFile().deleteOnExit();
    }
  }
}
