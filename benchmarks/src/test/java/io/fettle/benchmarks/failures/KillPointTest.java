package io.fettle.benchmarks.failures;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.history.v1.ActivityTaskScheduledEventAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.sdk.v1.UserMetadata;
import org.junit.jupiter.api.Test;

class KillPointTest {
  @Test
  void a_step_on_a_launched_host_is_called_the_same_in_every_run() {
    assertThat(KillPoint.step(scheduled("\"stage model and data on i-15abfab3f8ab7df84\"")))
        .isEqualTo(KillPoint.step(scheduled("\"stage model and data on i-844392754900da009\"")))
        .contains("stage model and data on HOST");
    assertThat(KillPoint.step(scheduled("\"release local-2\""))).contains("release local-2");
  }

  private static HistoryEvent scheduled(String summary) {
    var payload = Payload.newBuilder().setData(ByteString.copyFromUtf8(summary));
    return HistoryEvent.newBuilder()
        .setActivityTaskScheduledEventAttributes(
            ActivityTaskScheduledEventAttributes.getDefaultInstance())
        .setUserMetadata(UserMetadata.newBuilder().setSummary(payload))
        .build();
  }
}
