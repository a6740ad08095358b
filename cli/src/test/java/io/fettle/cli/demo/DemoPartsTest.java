package io.fettle.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.fettle.activities.programs.Environments.Cost;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.wire.Wire;
import io.temporal.api.common.v1.ActivityType;
import io.temporal.api.common.v1.Payload;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.history.v1.ActivityTaskCompletedEventAttributes;
import io.temporal.api.history.v1.ActivityTaskScheduledEventAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.api.sdk.v1.UserMetadata;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DemoPartsTest {
  @Test
  void the_result_has_exactly_the_fields_of_the_contract() throws IOException {
    var result = new DemoResult("r", "PASS", 2, 20, 3, 0, "Preempted", 1.5, "a", "e", "p", "u");
    var names = Wire.mapper().readTree(Wire.mapper().writeValueAsBytes(result)).fieldNames();
    assertThat(names)
        .toIterable()
        .containsExactlyInAnyOrder(
            "run",
            "verdict",
            "leases",
            "resumed_from_step",
            "lost_steps",
            "steps_repeated",
            "interruption",
            "seconds",
            "answer",
            "endpoint",
            "report",
            "ui");
  }

  @Test
  void a_preempted_lease_loses_what_it_did_after_the_checkpoint_that_the_next_one_had() {
    var facts =
        LeaseFacts.of(
            List.of(
                new LeaseStory(1, "local-1", 0, 0, 23, 0, 1, "Preempted", "notice"),
                new LeaseStory(2, "local-2", 20, 1, 50, 1, 2, "Finished", "")));
    assertThat(facts).isEqualTo(new LeaseFacts(20, 3, "Preempted"));
    assertThat(LeaseFacts.of(List.of(new LeaseStory(1, "local-1", 0, 0, 50, 0, 1, "Finished", ""))))
        .isEqualTo(new LeaseFacts(null, 0, null));
  }

  @Test
  void a_step_done_twice_for_the_same_inputs_is_repeated_and_a_reused_one_is_not() {
    var first = step("Prepare", "{\"salt\":\"\"}", "{\"reused\":false}");
    var again = step("Prepare", "{\"salt\":\"\"}", "{\"reused\":false}");
    var found = step("Prepare", "{\"salt\":\"\"}", "{\"reused\":true}");
    var fresh = step("Prepare", "{\"salt\":\"x\"}", "{\"reused\":false}");
    assertThat(StepTally.of(List.of(), first).repeated()).isZero();
    assertThat(StepTally.of(List.of(first), again).repeated()).isEqualTo(1);
    assertThat(StepTally.of(List.of(), both(first, again)).repeated()).isEqualTo(1);
    assertThat(StepTally.of(List.of(first), found).repeated()).isZero();
    assertThat(StepTally.of(List.of(first), found).reused()).containsExactly("do Prepare");
    assertThat(StepTally.of(List.of(first), fresh).repeated()).isZero();
  }

  @Test
  void training_is_one_step_whatever_its_lease_and_what_a_lookup_finds_is_reused() {
    var lease1 = step("Train", "{\"lease\":{\"number\":1,\"input\":\"abc\"}}", "{\"step\":50}");
    var lease2 = step("Train", "{\"lease\":{\"number\":2,\"input\":\"abc\"}}", "{\"step\":50}");
    var other = step("Train", "{\"lease\":{\"number\":2,\"input\":\"def\"}}", "{\"step\":50}");
    assertThat(StepTally.of(List.of(lease1), lease2).repeated()).isEqualTo(1);
    assertThat(StepTally.of(List.of(lease1), other).repeated()).isZero();
    assertThat(StepTally.of(List.of(), step("Finished", "{}", "null")).reused()).isEmpty();
    assertThat(StepTally.of(List.of(), step("Finished", "{}", "{\"step\":50}")).reused())
        .hasSize(1);
  }

  @Test
  void the_guess_counts_the_download_and_knows_a_second_demo() {
    assertThat(Opening.guess(new Cost(0, 0), true)).contains("reused");
    assertThat(Opening.guess(new Cost(0, 0), false)).isEqualTo("about 10 minutes on 2 cores");
    assertThat(Opening.guess(new Cost(2_700_000_000L, 0), false))
        .isEqualTo("about 13 minutes on 2 cores, 3 of them for the download");
  }

  @Test
  void a_bar_shows_its_share_and_its_whole() {
    assertThat(Making.bar("torch", 50, 100, "packages"))
        .isEqualTo("torch [############------------] of 100 packages");
  }

  private static List<HistoryEvent> both(List<HistoryEvent> first, List<HistoryEvent> second) {
    long shift = first.size();
    var later =
        second.stream()
            .map(
                event -> {
                  var moved = event.toBuilder().setEventId(event.getEventId() + shift);
                  if (event.hasActivityTaskCompletedEventAttributes()) {
                    moved.getActivityTaskCompletedEventAttributesBuilder().setScheduledEventId(3);
                  }
                  return moved.build();
                });
    return Stream.concat(first.stream(), later).toList();
  }

  /** One activity from its schedule to its end. */
  private static List<HistoryEvent> step(String type, String input, String result) {
    var scheduled =
        HistoryEvent.newBuilder()
            .setEventId(1)
            .setUserMetadata(UserMetadata.newBuilder().setSummary(json("\"do " + type + "\"")))
            .setActivityTaskScheduledEventAttributes(
                ActivityTaskScheduledEventAttributes.newBuilder()
                    .setActivityType(ActivityType.newBuilder().setName(type))
                    .setInput(Payloads.newBuilder().addPayloads(json(input))))
            .build();
    var completed =
        HistoryEvent.newBuilder()
            .setEventId(2)
            .setActivityTaskCompletedEventAttributes(
                ActivityTaskCompletedEventAttributes.newBuilder()
                    .setScheduledEventId(1)
                    .setResult(Payloads.newBuilder().addPayloads(json(result))))
            .build();
    return List.of(scheduled, completed);
  }

  private static Payload json(String text) {
    return Payload.newBuilder().setData(ByteString.copyFromUtf8(text)).build();
  }
}
