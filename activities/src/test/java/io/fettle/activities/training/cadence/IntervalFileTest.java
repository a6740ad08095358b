package io.fettle.activities.training.cadence;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntervalFileTest {
  private static final double HOUR = 3_600;
  @TempDir Path folder;
  private final SavingCosts costs = new SavingCosts();

  @Test
  void it_is_written_when_it_moves_and_not_for_noise() throws IOException {
    var interval = file();
    assertThat(interval.renew()).isPresent();
    assertThat(written()).isEqualTo(30);

    costs.wrote(2);
    assertThat(interval.renew()).isPresent();
    assertThat(written()).isBetween(293.0, 295.0);

    costs.wrote(2.05);
    assertThat(interval.renew()).isEmpty();
    assertThat(written()).isBetween(293.0, 295.0);
  }

  @Test
  void an_earlier_lease_counts_as_an_interruption_unless_it_ended_on_request() throws IOException {
    assertThat(hazardAfter(List.of(event("step", 0), event("step", HOUR)))).isEqualTo(2 / 7.0);
    assertThat(hazardAfter(List.of(event("step", 0), ended(false, HOUR))))
        .as("cancelled, paused or finished")
        .isEqualTo(1 / 7.0);
    assertThat(hazardAfter(List.of())).as("never began").isEqualTo(1 / 6.0);
  }

  private double hazardAfter(List<JsonNode> lease) throws IOException {
    var interval = file();
    interval.learn(bytes(lease.stream().map(JsonNode::toString).collect(Collectors.joining("\n"))));
    return interval.renew().orElseThrow().hazardPerHour();
  }

  @Test
  void what_earlier_leases_saw_of_saving_is_not_measured_again() throws IOException {
    var interval = file();
    interval.learn(
        bytes(
            """
            {"event":"checkpoint","time":1,"seconds":3}
            {"event":"published","time":9,"seconds":8}
            {"event":"published","time":"odd"}
            {"event":"publi"""));

    var choice = interval.renew().orElseThrow();

    assertThat(choice.stall()).isEqualTo(3);
    assertThat(choice.upload()).isEqualTo(8);
  }

  @Test
  void what_waits_for_its_upload_is_not_in_the_store_yet() throws IOException {
    var interval = file();
    interval.learn(
        bytes(
            """
            {"event":"checkpoint","time":1,"seconds":3}
            {"event":"published","time":9,"waited":2,"seconds":8}
            """));

    assertThat(interval.renew().orElseThrow().upload()).isEqualTo(10);
    assertThat(costs.estimate().upload()).isEqualTo(8); // what a notice has to leave room for
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private IntervalFile file() {
    return new IntervalFile(
        folder.resolve("interval.json"), 1, new CheckpointInterval(30, 900, 6 * HOUR), costs);
  }

  private double written() throws IOException {
    return Wire.mapper()
        .readTree(folder.resolve("interval.json").toFile())
        .path("every_seconds")
        .asDouble();
  }

  private static JsonNode event(String kind, double time) {
    return Wire.mapper().createObjectNode().put("event", kind).put("time", time);
  }

  private static JsonNode ended(boolean interrupted, double time) {
    return Wire.mapper()
        .createObjectNode()
        .put("event", "ended")
        .put("time", time)
        .put("interrupted", interrupted);
  }
}
