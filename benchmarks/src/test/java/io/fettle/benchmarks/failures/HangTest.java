package io.fettle.benchmarks.failures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HangTest {
  @Test
  void the_newest_event_tells_the_phase() throws Exception {
    assertThat(Hang.phase(List.of())).isEqualTo("load");
    assertThat(phase("{'event': 'alive', 'phase': 'load'}")).isEqualTo("load");
    assertThat(phase("{'event': 'alive', 'phase': 'load'}", "{'event': 'started'}"))
        .isEqualTo("step");
    assertThat(phase("{'event': 'step'}", "{'event': 'alive', 'phase': 'save'}")).isEqualTo("save");
    assertThat(phase("{'event': 'alive', 'phase': 'step'}", "{'event': 'checkpoint'}"))
        .isEqualTo("step");
  }

  private static String phase(String... lines) throws Exception {
    var events = new ArrayList<JsonNode>();
    for (var line : lines) {
      events.add(Wire.mapper().readTree(line.replace('\'', '"')));
    }
    return Hang.phase(events);
  }
}
