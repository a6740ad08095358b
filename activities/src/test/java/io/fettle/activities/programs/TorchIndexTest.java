package io.fettle.activities.programs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index of its own for torch, played by a small server with one small wheel. */
class TorchIndexTest {
  private static final Path REAL =
      Path.of(System.getProperty("fettle.root", ".."), "activities/programs");
  private static final String WHEEL = "torch-9.9.9-py3-none-any.whl";

  @TempDir Path folder;
  private HttpServer index;

  @BeforeEach
  void serve() throws IOException {
    byte[] wheel = wheel();
    index = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    index.createContext(
        "/cpu/torch/",
        exchange -> {
          boolean page = exchange.getRequestURI().getPath().equals("/cpu/torch/");
          byte[] body =
              page ? ("<a href=\"" + WHEEL + "\">" + WHEEL + "</a>").getBytes(UTF_8) : wheel;
          exchange
              .getResponseHeaders()
              .set("Content-Type", page ? "text/html" : "application/octet-stream");
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    index.start();
  }

  @AfterEach
  void stop() {
    index.stop(0);
  }

  @Test
  @Tag("real")
  void torch_comes_from_the_index_the_rest_from_the_lock_and_no_cuda_at_all() throws Exception {
    Path programs = Files.createDirectories(folder.resolve("programs/tiny")).getParent();
    Files.copy(REAL.resolve("uv.lock"), programs.resolve("uv.lock"));
    Files.writeString(
        programs.resolve("tiny/requirements.lock"),
        """
        nvidia-cublas==1.0 \\
            --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
        six==1.17.0 \\
            --hash=sha256:4721f391ed90541fddacab5acf947aa0d3dc7d27b2e1e8eda2be8970586c3274
        torch==9.9.9 \\
            --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
        """);
    var address = URI.create("http://127.0.0.1:" + index.getAddress().getPort() + "/cpu");
    var environments =
        new Environments(
            new Environments.Options(programs, folder.resolve("home"), Optional.of(address)));
    Path python = environments.python("tiny");

    Process asked =
        new ProcessBuilder(python.toString(), "-c", "import six, torch; print(torch.built_for)")
            .start();
    assertThat(asked.inputReader().readLine()).isEqualTo("cpu");
    try (var packages = Files.walk(folder.resolve("home/envs"))) {
      assertThat(packages.map(Path::toString)).noneMatch(path -> path.contains("nvidia"));
    }
  }

  private static byte[] wheel() throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      String information = "torch-9.9.9.dist-info/";
      Map<String, String> files =
          Map.of(
              "torch/__init__.py",
              "built_for = 'cpu'\n",
              information + "METADATA",
              "Metadata-Version: 2.1\nName: torch\nVersion: 9.9.9\n",
              information + "WHEEL",
              "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
              information + "RECORD",
              "");
      for (var file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(UTF_8));
      }
    }
    return bytes.toByteArray();
  }
}
