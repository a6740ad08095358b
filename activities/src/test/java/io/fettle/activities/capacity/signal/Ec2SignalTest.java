package io.fettle.activities.capacity.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import io.fettle.activities.capacity.signal.PreemptionSignal.Sign;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The answers that the mock of the real tests cannot give. */
class Ec2SignalTest {
  private static final String ACTION = "/latest/meta-data/spot/instance-action";
  private static final String REBALANCE = "/latest/meta-data/events/recommendations/rebalance";

  private final Map<String, String> standing = new ConcurrentHashMap<>();
  private final AtomicInteger tokens = new AtomicInteger();
  private volatile int status;
  private FakeMetadata server;
  private Ec2Signal signal;

  @BeforeEach
  void start() throws IOException {
    server = new FakeMetadata(this::answer);
    signal = new Ec2Signal(server.endpoint());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    var token = exchange.getRequestHeaders().getFirst("X-aws-ec2-metadata-token");
    if (status > 0) {
      FakeMetadata.reply(exchange, status, "");
    } else if (path.equals("/latest/api/token")) {
      FakeMetadata.reply(exchange, 200, "token-" + tokens.incrementAndGet());
    } else if (!("token-" + tokens.get()).equals(token)) {
      FakeMetadata.reply(exchange, 401, "");
    } else if (standing.containsKey(path)) {
      FakeMetadata.reply(exchange, 200, standing.get(path));
    } else {
      FakeMetadata.reply(exchange, 404, "");
    }
  }

  @Test
  void nothing_stands_where_it_answers_not_found() throws Exception {
    assertThat(signal.look()).isEqualTo(new Sign.Quiet());
    assertThat(signal.look()).isEqualTo(new Sign.Quiet());
    assertThat(tokens.get()).as("one token serves many looks").isEqualTo(1);
  }

  @Test
  void a_token_that_ran_out_is_replaced() throws Exception {
    signal.look();
    tokens.incrementAndGet();

    assertThat(signal.look()).isEqualTo(new Sign.Quiet());
    assertThat(tokens.get()).isEqualTo(3);
  }

  @Test
  void an_action_is_a_notice_whose_window_is_read_from_the_servers_own_clock() throws Exception {
    standing.put(ACTION, action(Instant.now().plusSeconds(70)));

    assertThat(signal.look())
        .isInstanceOfSatisfying(
            Sign.Leave.class,
            leave -> {
              assertThat(leave.reason()).isEqualTo("EC2 will terminate it");
              assertThat(leave.window()).isBetween(Duration.ofSeconds(66), Duration.ofSeconds(71));
            });
  }

  @Test
  void a_window_is_never_negative_and_never_longer_than_two_minutes() throws Exception {
    standing.put(ACTION, action(Instant.now().minusSeconds(500)));
    assertThat(window()).isZero();

    standing.put(ACTION, action(Instant.now().plusSeconds(500)));
    assertThat(window()).isEqualTo(Duration.ofMinutes(2));

    standing.put(ACTION, "{\"action\":\"stop\",\"time\":\"soon\"}");
    assertThat(window()).isEqualTo(Duration.ofMinutes(2));
  }

  private Duration window() throws Exception {
    return signal.look() instanceof Sign.Leave(var _, var window) ? window : Duration.ofDays(1);
  }

  private static String action(Instant time) {
    return "{\"action\":\"terminate\",\"time\":\"%s\"}".formatted(time);
  }

  @Test
  void a_recommendation_to_rebalance_is_a_risk_and_gives_way_to_an_action() throws Exception {
    standing.put(REBALANCE, "{\"noticeTime\":\"2026-11-24T08:00:00Z\"}");
    assertThat(signal.look()).isInstanceOf(Sign.Risk.class);

    standing.put(ACTION, action(Instant.now().plusSeconds(100)));
    assertThat(signal.look()).isInstanceOf(Sign.Leave.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 400, 401, 403, 500, 503})
  void any_other_answer_is_no_notice(int refusal) {
    status = refusal;

    assertThatThrownBy(signal::look).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[]", "{}", "{\"action\":\"dance\"}", "null"})
  void what_is_no_action_is_no_notice(String body) {
    standing.put(ACTION, body);

    assertThatThrownBy(signal::look).isInstanceOf(IOException.class);
  }

  @Test
  void a_server_that_is_away_is_no_notice_and_may_come_back() throws Exception {
    server.close();
    assertThatThrownBy(signal::look).isInstanceOf(IOException.class);
  }

  @Test
  void a_server_that_never_ends_its_answer_is_given_up() throws Exception {
    try (var slow =
        new FakeMetadata(
            exchange -> {
              exchange.sendResponseHeaders(200, 10);
              exchange.getResponseBody().write('t');
              exchange.getResponseBody().flush();
              sleep(Duration.ofSeconds(30));
            })) {
      var waiting = new Ec2Signal(slow.endpoint());
      assertThatThrownBy(waiting::look)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in time");
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
