package io.fettle.activities.capacity.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.signal.PreemptionSignal.Sign;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GcpSignalTest {
  private static final Duration PREEMPTION = Duration.ofSeconds(30);
  private static final Duration MAINTENANCE = Duration.ofHours(1);

  private FakeGcp gcp;
  private GcpSignal signal;

  @BeforeEach
  void start() throws IOException {
    gcp = new FakeGcp();
    signal = signal(gcp.endpoint());
  }

  @AfterEach
  void stop() {
    gcp.close();
  }

  private static GcpSignal signal(URI endpoint) {
    return new GcpSignal(endpoint, PREEMPTION, MAINTENANCE);
  }

  @Test
  void nothing_stands_at_first_and_the_first_look_does_not_wait() throws Exception {
    assertThat(signal.look()).isEqualTo(new Sign.Quiet());
    assertThat(gcp.waits()).isZero();
  }

  @Test
  void a_preemption_ends_the_wait_for_a_change() throws Exception {
    signal.look();
    var second = look();
    gcp.awaitAWaiter();

    gcp.set("preempted", "TRUE");

    assertThat(second.get(5, TimeUnit.SECONDS))
        .isEqualTo(new Sign.Leave("GCP preempts it", PREEMPTION));
    assertThat(gcp.waits()).isEqualTo(1);
  }

  @Test
  void what_changes_between_two_looks_is_not_missed() throws Exception {
    signal.look();
    gcp.set("preempted", "TRUE");

    assertThat(look().get(5, TimeUnit.SECONDS)).isInstanceOf(Sign.Leave.class);
  }

  @Test
  void a_termination_for_maintenance_is_a_notice_and_a_migration_is_none() throws Exception {
    gcp.set("maintenance-event", "MIGRATE_ON_HOST_MAINTENANCE");
    assertThat(signal.look()).isEqualTo(new Sign.Quiet());

    gcp.set("maintenance-event", "TERMINATE_ON_HOST_MAINTENANCE");
    assertThat(signal(gcp.endpoint()).look())
        .isEqualTo(new Sign.Leave("GCP stops it for maintenance", MAINTENANCE));
  }

  @Test
  void a_refusal_is_no_notice_and_the_next_look_reads_anew() throws Exception {
    signal.look();
    gcp.refuse(503);
    assertThatThrownBy(signal::look).isInstanceOf(IOException.class).hasMessageContaining("503");

    gcp.refuse(0);
    assertThat(signal.look()).isEqualTo(new Sign.Quiet());
    assertThat(gcp.waits()).isZero();
  }

  @Test
  void somebody_else_at_that_address_is_not_believed() throws Exception {
    try (var stranger = new FakeMetadata(exchange -> FakeMetadata.reply(exchange, 200, "TRUE"))) {
      var fooled = signal(stranger.endpoint());
      assertThatThrownBy(fooled::look).isInstanceOf(IOException.class);
    }
  }

  private CompletableFuture<Sign> look() {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return signal.look();
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }
}
