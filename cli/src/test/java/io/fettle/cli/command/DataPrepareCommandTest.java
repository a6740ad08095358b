package io.fettle.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.fettle.cli.ExitCode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DataPrepareCommandTest extends CommandTest {
  @Test
  void a_judge_is_asked_once_about_a_row_and_the_worst_are_cut() throws Exception {
    var rows = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      rows.append(
          "{\"prompt\": \"how much is %d and %d\", \"completion\": \"%d\"}%n"
              .formatted(i, i * i, i + i * i));
    }
    Files.writeString(folder.resolve("rows.jsonl"), rows);
    var asked = new AtomicInteger();
    try (var server = judge(asked)) {
      String url = "http://127.0.0.1:%d/v1/".formatted(server.getAddress().getPort());
      String[] prepare = {
        "data",
        "prepare",
        at("rows.jsonl"),
        "-o",
        at("one"),
        "--judge",
        url,
        "--judge-model",
        "judge-1",
        "--cut",
        "0"
      };

      assertThat(fettle(prepare)).isZero();
      assertThat(out.toString()).contains("scores of rows.jsonl by judge-1: 6 rows 2, 54 rows 5");
      assertThat(asked).hasValue(60);

      prepare[4] = at("two");
      prepare[10] = "10";
      assertThat(fettle(with(prepare, "--scores", at("one/scores.jsonl")))).isZero();
      assertThat(out.toString())
          .contains("6 dropped: a row has one of the lowest quality scores of its source");
      assertThat(asked).as("asked again").hasValue(60);
      assertThat(folder.resolve("two/manifest.json")).content().contains("\"judge\":\"judge-1\"");
    }
    assertThat(fettle("data", "prepare", at("rows.jsonl"), "-o", at("three"), "--cut", "10"))
        .isEqualTo(ExitCode.INVALID.code());
    assertThat(err.toString()).contains("a judge needs --judge http://host/v1");
  }

  private static String[] with(String[] arguments, String... more) {
    return Stream.of(arguments, more).flatMap(Arrays::stream).toArray(String[]::new);
  }

  /** Counts, and gives a row in ten a 2 and the others a 5. */
  private static AutoClosingServer judge(AtomicInteger asked) throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          var request =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          boolean isBad = request.matches("(?s).*how much is \\d?0 and.*");
          var answer =
              "{\"choices\": [{\"message\": {\"content\": \"%d\"}}]}".formatted(isBad ? 2 : 5);
          asked.incrementAndGet();
          exchange.sendResponseHeaders(200, answer.length());
          try (var body = exchange.getResponseBody()) {
            body.write(answer.getBytes(StandardCharsets.UTF_8));
          }
        });
    server.start();
    return new AutoClosingServer(server);
  }

  private record AutoClosingServer(HttpServer server) implements AutoCloseable {
    InetSocketAddress getAddress() {
      return server.getAddress();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  @Test
  void prepare_drops_rows_that_hold_an_item_of_a_benchmark_and_tells_where() throws Exception {
    rowsAndABenchmark();

    assertThat(
            fettle(
                "data",
                "prepare",
                at("rows.jsonl"),
                "--benchmark",
                at("maths.jsonl"),
                "--benchmark-prompt",
                "question",
                "-o",
                at("out")))
        .isZero();

    assertThat(out.toString())
        .contains("1 dropped: a row holds an item of a benchmark (rows.jsonl:41)")
        .contains("maths.jsonl: 1 of its 1 items held by 1 rows")
        .contains("rows.jsonl:41 holds 100 % of maths.jsonl:1, words 2 to 18")
        .contains("careful: 1 rows of maths.jsonl are no items")
        .doesNotContain("baker");
    assertThat(Files.readString(folder.resolve("out/manifest.json"))).contains("maths.jsonl");
  }

  @Test
  void a_benchmark_whose_question_nobody_names_is_refused() throws Exception {
    rowsAndABenchmark();

    assertThat(
            fettle(
                "data",
                "prepare",
                at("rows.jsonl"),
                "--benchmark",
                at("maths.jsonl"),
                "-o",
                at("out")))
        .isEqualTo(ExitCode.INVALID.code());
    assertThat(err.toString()).contains("the benchmark maths.jsonl holds no item in 2 rows");
  }

  private void rowsAndABenchmark() {
    String item = "a baker sells fifty rolls in april and half as many in may how many is that";
    var rows = new StringBuilder();
    for (int i = 0; i < 40; i++) {
      rows.append(
          "{\"prompt\": \"how much is %d and %d\", \"completion\": \"%d\"}%n"
              .formatted(i, i * i, i));
    }
    rows.append("{\"prompt\": \"Listen: %s\", \"completion\": \"75\"}%n".formatted(item));
    write("rows.jsonl", rows.toString());
    write("maths.jsonl", "{\"question\": \"%s\"}%n{\"problem\": \"x\"}%n".formatted(item));
  }

  private void write(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
