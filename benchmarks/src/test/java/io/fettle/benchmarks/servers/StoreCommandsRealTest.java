package io.fettle.benchmarks.servers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.cli.Fettle;
import io.fettle.cli.local.Home;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code fettle store} as users type it, on real servers. */
@Tag("real")
@Timeout(120)
class StoreCommandsRealTest {
  private static final int LARGE = 20_000_003;

  @TempDir static Path folder;

  private static final List<ObjectServer> SERVERS = new ArrayList<>();

  private StringWriter out = new StringWriter();
  private StringWriter err = new StringWriter();

  @BeforeAll
  static void start() throws Exception {
    LocalServers.signIn();
    var servers = new LocalServers(Home.current());
    SERVERS.add(servers.versity(Files.createDirectory(folder.resolve("versitygw"))));
    SERVERS.add(servers.gcs(Files.createDirectory(folder.resolve("gcs"))));
  }

  @AfterAll
  static void stop() throws Exception {
    for (var server : SERVERS) {
      server.close();
    }
  }

  static Stream<ObjectServer> servers() {
    return SERVERS.stream();
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void a_folder_goes_up_is_listed_verified_and_comes_down_the_same(ObjectServer server)
      throws Exception {
    var from = Files.createDirectories(folder.resolve("from-" + server.bucket().getScheme()));
    Files.createDirectories(from.resolve("deep"));
    Files.write(from.resolve("weights.bin"), noise(LARGE));
    Files.writeString(from.resolve("deep/rows.jsonl"), "{}\n");
    var there = server.bucket() + "/tree";

    assertThat(store(server, "cp", from.toString(), there)).as(err.toString()).isZero();
    assertThat(out.toString()).contains("copied 2 objects, 20.0 MB");

    assertThat(store(server, "ls", there)).isZero();
    assertThat(out.toString()).contains("deep/").contains("weights.bin").contains("2 objects");
    assertThat(store(server, "verify", "--json", there)).isZero();
    assertThat(result().path("sound").asInt()).isEqualTo(2);

    var back = folder.resolve("back-" + server.bucket().getScheme());
    assertThat(store(server, "cp", there, back.toString())).isZero();
    assertThat(back.resolve("weights.bin")).hasSameBinaryContentAs(from.resolve("weights.bin"));
    assertThat(back.resolve("deep/rows.jsonl")).hasContent("{}");
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void one_object_goes_from_a_bucket_into_a_folder_of_it(ObjectServer server) throws Exception {
    var file = Files.writeString(folder.resolve("one.txt"), "one");
    var there = server.bucket() + "/single/";

    assertThat(store(server, "cp", file.toString(), there)).as(err.toString()).isZero();
    assertThat(store(server, "cp", there + "one.txt", server.bucket() + "/second/")).isZero();
    assertThat(store(server, "ls", "--recursive", "--json", server.bucket() + "/second")).isZero();

    assertThat(result().path("lines").findValuesAsText("name")).containsExactly("one.txt");
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void a_name_that_no_store_takes_is_refused_before_anything_is_copied(ObjectServer server)
      throws Exception {
    var from = Files.createDirectories(folder.resolve("bad-" + server.bucket().getScheme()));
    Files.writeString(from.resolve("good"), "1");
    Files.writeString(from.resolve("what about this"), "2");

    assertThat(store(server, "cp", from.toString(), server.bucket() + "/bad")).isEqualTo(2);
    assertThat(err.toString()).contains("what about this");
    assertThat(store(server, "ls", server.bucket() + "/bad")).isEqualTo(2);
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void a_folder_of_rows_in_a_bucket_is_read_as_the_same_folder_here(ObjectServer server)
      throws Exception {
    var scheme = server.bucket().getScheme();
    var from = Files.createDirectories(folder.resolve("rows-" + scheme + "/deep/er"));
    var here = folder.resolve("rows-" + scheme);
    for (int i = 0; i < 40; i++) {
      var row = "{\"prompt\": \"how much is %d\", \"completion\": \"much\"}%n".formatted(i);
      Files.writeString(from.resolve("part-%02d.jsonl".formatted(i)), row);
    }
    Files.writeString(here.resolve("_SUCCESS"), "");
    var there = server.bucket() + "/rows/";
    assertThat(store(server, "cp", here.toString(), there)).as(err.toString()).isZero();
    var endpoint = scheme + "=" + server.endpoint();

    assertThat(prepare(here.toString(), "here-" + scheme, endpoint)).as(err.toString()).isZero();
    var local = result();
    assertThat(prepare(there, "there-" + scheme, endpoint)).as(err.toString()).isZero();

    assertThat(result().path("dataset")).isEqualTo(local.path("dataset"));
    assertThat(result().at("/folders/0/files").asInt()).isEqualTo(40);
    assertThat(result().at("/folders/0/leftOut").asText()).isEqualTo("1 left out: _SUCCESS");
    assertThat(prepare(server.bucket() + "/nothing/", "none-" + scheme, endpoint)).isEqualTo(2);
    assertThat(err.toString()).contains("/nothing/ holds no rows", "it is empty");
  }

  private int prepare(String rows, String out, String endpoint) {
    return fettle(
        "data",
        "prepare",
        "--json",
        "--endpoint",
        endpoint,
        rows,
        "-o",
        folder.resolve(out).toString());
  }

  @ParameterizedTest(autoCloseArguments = false)
  @MethodSource("servers")
  void probe_finds_what_runs_stand_on(ObjectServer server) {
    assertThat(store(server, "probe", server.bucket() + "/probed")).as(err.toString()).isZero();
    assertThat(out.toString()).contains("keeps what leases, claims and aliases rest on");
  }

  @Test
  void a_server_that_is_not_there_is_told_as_unreachable() throws IOException {
    int nowhere = ServerProcess.freePort();
    LocalServers.signIn();
    assertThat(
            fettle("store", "ls", "--endpoint", "s3=http://127.0.0.1:" + nowhere, "s3://bucket/x"))
        .isEqualTo(6);
    assertThat(err.toString()).contains("s3://bucket/");
  }

  private static byte[] noise(int bytes) {
    var body = new byte[bytes];
    new Random(bytes).nextBytes(body);
    return body;
  }

  private JsonNode result() throws IOException {
    return Wire.mapper().readTree(out.toString().lines().reduce("", (_, last) -> last));
  }

  private int store(ObjectServer server, String command, String... more) {
    var words = new ArrayList<>(List.of("store", command, "--endpoint"));
    words.add(server.bucket().getScheme() + "=" + server.endpoint());
    words.addAll(List.of(more));
    return fettle(words.toArray(String[]::new));
  }

  private int fettle(String... words) {
    out = new StringWriter();
    err = new StringWriter();
    return Fettle.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(words);
  }
}
