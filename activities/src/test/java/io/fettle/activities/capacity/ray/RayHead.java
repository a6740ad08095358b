package io.fettle.activities.capacity.ray;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.programs.Environments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
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
  private static final Duration START = Duration.ofMinutes(2);
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

  URI address() {
    return URI.create("http://127.0.0.1:" + dashboard);
  }

  private Process started() throws Exception {
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
    var api = new JobsApi(address());
    await(
        START,
        () -> {
          if (!head.isAlive()) {
            throw new IllegalStateException(Files.readString(log.toPath()));
          }
          try {
            return api.list().isOk() && api.submit(nothing()).isOk();
          } catch (IOException notYet) {
            return false;
          }
        });
    return head;
  }

  /** It lists jobs before it has an agent that takes one. */
  private static ObjectNode nothing() {
    return JsonMapper.builder().build().createObjectNode().put("entrypoint", "true");
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

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly().onExit().join();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException | UncheckedIOException stillWriting) {
      folder.toFile().deleteOnExit();
    }
  }
}
