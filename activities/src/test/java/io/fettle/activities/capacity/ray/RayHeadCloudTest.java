package io.fettle.activities.capacity.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.activities.capacity.setup.PoolSettings.Price;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is sent to a head, and what its answers are taken for; the answers were seen on a real one.
 */
class RayHeadCloudTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");

  private final List<String> calls = new ArrayList<>();
  private JsonNode sent = JSON.missingNode();
  private int status = 200;
  private String reply = "{}";
  private HttpServer server;
  private RayHeadCloud cloud;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    var where =
        new RayOptions.Head(URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/"));
    var options =
        new RayOptions(
            "pool",
            "me",
            where,
            "exec agent",
            Map.of("FETTLE_STORE", "s3://b"),
            Map.of(Intents.SHAPE, List.of("A10G"), "a10g-24gb-x8", List.of("A10G")),
            Map.of("A10G", new Price(0.4, 1.0), "a10g-24gb-x8", new Price(Price.UNKNOWN, 7.5)));
    cloud = new RayHeadCloud(options, where, () -> NOW);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      calls.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
      var body = exchange.getRequestBody().readAllBytes();
      sent = body.length == 0 ? sent : JSON.readTree(body);
      var bytes = reply.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(status, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Test
  void a_submission_names_its_job_by_the_token_and_carries_marks_settings_and_resources()
      throws IOException {
    cloud.launch(Intents.of("t-1", cloud.offers(Intents.SHAPE).getFirst()));

    assertThat(calls).containsExactly("POST /api/jobs/");
    assertThat(sent.path("submission_id").asText()).isEqualTo("fettle-t-1");
    assertThat(sent.path("metadata"))
        .isEqualTo(
            JSON.readTree(
                """
                {"fettle-owner": "me", "fettle-pool": "pool", "fettle-run": "run-1",
                 "fettle-acquisition": "t-1", "fettle-shape": "a10g-24gb-x1", "fettle-type": "A10G",
                 "fettle-market": "OWNED", "fettle-expiry": "PT15M"}
                """));
    assertThat(sent.at("/runtime_env/env_vars/AGENT_TOKEN").asText()).isEqualTo("t-1");
    assertThat(sent.at("/runtime_env/env_vars/AGENT_GRACE").asText()).isEqualTo("PT3M30S");
    assertThat(sent.at("/runtime_env/env_vars/AGENT_SHARED").asText()).isEqualTo("true");
    assertThat(sent.at("/runtime_env/env_vars/RAY_JOB_STOP_WAIT_TIME_S").asText()).isEqualTo("30");
    assertThat(sent.path("entrypoint_num_gpus").asInt()).isEqualTo(1);
    assertThat(sent.path("entrypoint_num_cpus").asInt()).isZero();
    assertThat(sent.at("/entrypoint_resources/accelerator_type:A10G").asDouble()).isPositive();
  }

  @Test
  void a_cluster_of_ones_own_offers_what_it_has_at_the_operators_price() {
    assertThat(cloud.offers(Intents.SHAPE))
        .singleElement()
        .satisfies(
            offer -> {
              assertThat(offer.market()).isEqualTo(Market.OWNED);
              assertThat(offer.places()).containsExactly(new Place("A10G", "127.0.0.1", 1.0));
            });
    assertThat(cloud.offers("h100-80gb-x8")).as("no type of it").isEmpty();
    assertThat(cloud.offers("large")).as("says no number").isEmpty();
  }

  @Test
  void a_host_costs_what_its_shape_does_where_that_is_told() throws IOException {
    assertThat(cloud.offers("a10g-24gb-x8").getFirst().places())
        .containsExactly(new Place("A10G", "127.0.0.1", 7.5));

    reply = marked("a10g-24gb-x8");
    assertThat(cloud.machines("t-1"))
        .extracting(each -> each.place().dollarsPerHour())
        .containsExactly(7.5);
    reply = marked(Intents.SHAPE);
    assertThat(cloud.machines("t-1"))
        .extracting(each -> each.place().dollarsPerHour())
        .containsExactly(1.0);
  }

  @ParameterizedTest
  @CsvSource({
    "PENDING, PENDING",
    "RUNNING, RUNNING",
    "STOPPED, TERMINATED",
    "SUCCEEDED, TERMINATED",
    "FAILED, TERMINATED",
    "HIBERNATING, UNKNOWN"
  })
  void a_jobs_status_is_its_hosts_state(String said, HostState state) throws IOException {
    reply = job("fettle-t-1", said, "", "me");

    assertThat(cloud.machines("t-1")).extracting(Machine::state).containsExactly(state);
  }

  @Test
  void a_list_has_jobs_of_this_owner_and_pool_alone() throws IOException {
    reply =
        "[%s, %s, %s]"
            .formatted(
                job("a", "RUNNING", "", "me"),
                job("b", "RUNNING", "", "them"),
                "{\"type\": \"DRIVER\", \"submission_id\": null, \"metadata\": null}");

    assertThat(cloud.machines()).extracting(Machine::id).containsExactly("a");
  }

  @Test
  void jobs_that_ended_a_day_ago_are_taken_off_the_heads_list_and_younger_ones_stay()
      throws IOException {
    reply =
        "[%s, %s, %s]"
            .formatted(
                job("old", "STOPPED", NOW.minusSeconds(90_000).toEpochMilli() + "", "me"),
                job("theirs", "STOPPED", NOW.minusSeconds(90_000).toEpochMilli() + "", "them"),
                job("young", "STOPPED", NOW.minusSeconds(80_000).toEpochMilli() + "", "me"));

    assertThat(cloud.machines()).extracting(Machine::id).containsExactly("young");
    assertThat(calls).containsExactly("GET /api/jobs/", "DELETE /api/jobs/old");
  }

  @ParameterizedTest
  @CsvSource({
    "400, TypeError: __init__() got an unexpected keyword argument, TEMPLATE",
    "401, Unauthorized, PERMISSION",
    "403, Forbidden, PERMISSION",
    "404, 404: Not Found, TEMPLATE",
    "302, login, TEMPLATE",
    "429, Too Many Requests, THROTTLE",
    "451, never heard of, UNKNOWN"
  })
  void what_the_head_refuses_is_told_by_class(int code, String text, Kind kind) {
    status = code;
    reply = text;

    assertThatThrownBy(() -> cloud.launch(Intents.of("t-1", cloud.offers(Intents.SHAPE).get(0))))
        .isInstanceOfSatisfying(Refusal.class, no -> assertThat(no.kind()).isEqualTo(kind))
        .hasMessageContaining(text);
  }

  @Test
  void a_submission_that_the_heads_own_checks_refuse_is_a_wrong_template() {
    status = 500;
    reply = "Traceback (most recent call last):\n  File x\nValueError: runtime_env is wrong\n.\n";

    assertThatThrownBy(() -> cloud.launch(Intents.of("t-1", cloud.offers(Intents.SHAPE).get(0))))
        .isInstanceOfSatisfying(Refusal.class, no -> assertThat(no.kind()).isEqualTo(Kind.TEMPLATE))
        .hasMessageContaining("runtime_env is wrong");
  }

  @ParameterizedTest
  @CsvSource({"500, RuntimeError: No available agent to submit job", "502, Bad Gateway", "503, ''"})
  void a_head_in_trouble_has_decided_nothing(int code, String text) {
    status = code;
    reply = text;

    assertThatThrownBy(() -> cloud.launch(Intents.of("t-1", cloud.offers(Intents.SHAPE).get(0))))
        .isNotInstanceOf(Refusal.class)
        .hasMessageContaining("in trouble");
    assertThatThrownBy(() -> cloud.machines()).isNotInstanceOf(Refusal.class);
  }

  @Test
  void only_the_heads_own_word_says_that_a_job_is_not_there() throws IOException {
    status = 404;
    reply = "Job fettle-t-1 does not exist";
    assertThat(cloud.machines("t-1")).isEmpty();

    reply = "<html>no such page</html>";
    assertThatThrownBy(() -> cloud.machines("t-1")).isInstanceOf(Refusal.class);
  }

  @Test
  void an_answer_that_is_no_list_of_jobs_is_refused() {
    reply = "<html>welcome</html>";

    assertThatThrownBy(() -> cloud.machines())
        .isInstanceOfSatisfying(
            Refusal.class, no -> assertThat(no.kind()).isEqualTo(Kind.TEMPLATE));
  }

  @Test
  void a_head_that_stops_in_the_middle_of_its_answer_is_not_waited_for() throws IOException {
    try (var stuck = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var address = URI.create("http://127.0.0.1:" + stuck.getLocalPort());
      Thread.ofVirtual().start(() -> half(stuck));

      assertThatThrownBy(() -> new JobsApi(address, Duration.ofMillis(500)).list())
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not answer: not within 500 ms");
    }
  }

  private static void half(ServerSocket stuck) {
    try (var client = stuck.accept()) {
      var words = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[";
      client.getOutputStream().write(words.getBytes(StandardCharsets.UTF_8));
      client.getInputStream().readAllBytes(); // until the other side gives up
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String marked(String shape) {
    return job("fettle-t-1", "RUNNING", "", "me")
        .replace(
            "\"metadata\": {",
            "\"metadata\": {\"fettle-type\": \"A10G\", \"fettle-shape\": \"%s\", "
                .formatted(shape));
  }

  private static String job(String id, String said, String ended, String owner) {
    return """
        {"type": "SUBMISSION", "submission_id": "%s", "status": "%s", "message": "one\\ntwo",
         "end_time": %s, "metadata": {"fettle-owner": "%s", "fettle-pool": "pool"}}
        """
        .formatted(id, said, ended.isEmpty() ? "null" : ended, owner);
  }
}
