package io.fettle.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.cli.ExitCode;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusCommandTest extends CommandTest {
  @Test
  void a_run_that_holds_a_host_is_told_with_what_it_has_cost_and_may() throws IOException {
    Files.createDirectories(folder.resolve("home/state/store"));
    try (var store = Stores.open(folder.resolve("home/state/store").toUri())) {
      hosts(store);
    }

    assertThat(fettle("status")).isEqualTo(ExitCode.DONE.code());
    assertThat(out.toString())
        .contains("not running")
        .contains("  run rank-8: hosts have cost 3.21 of 25.00 dollars so far");

    fettle("status", "--json");
    var cost = lastLine().path("costs").path("runs").path(0);
    assertThat(lastLine().path("running").asBoolean(true)).isFalse();
    assertThat(cost.path("run").asText()).isEqualTo("rank-8");
    assertThat(cost.path("bill").path("spent").path("dollars").asDouble()).isEqualTo(3.21);
    assertThat(cost.path("bill").path("cap").asDouble()).isEqualTo(25);
  }

  @Test
  void a_home_without_a_store_gets_none_by_being_asked() {
    assertThat(fettle("status")).isEqualTo(ExitCode.DONE.code());
    assertThat(out.toString()).doesNotContain("cost");
    assertThat(folder.resolve("home/state/store")).doesNotExist();
  }

  /** One that was given back, and one that is asked for. */
  private static void hosts(ObjectStore store) throws IOException {
    var ended =
        """
        {"token": "t-0", "pool": "aws", "shape": "a10g-24gb-x1", "market": "SPOT", "machine": "i-0",
         "ended": "2026-11-28T10:00:00Z", "seconds": 3600, "dollars": 3.21, "joined": true, "reason": "spot notice"}
        """;
    store.put("runs/rank-8/acquisitions/t-0.json", ended.getBytes(StandardCharsets.UTF_8));
    var offer =
        new Offer(
            "aws", "a10g-24gb-x1", 2, "", Market.SPOT, List.of(new Place("g5.xlarge", "a", 2)));
    var terms = CapacityTerms.NONE.with(Optional.empty(), Optional.of(25.0));
    var intent = new Intent("t-1", "owner", new Execution("fettle", "rank-8", "e"), offer, terms);
    store.put("capacity/open/aws/t-1/intent.json", Wire.mapper().writeValueAsBytes(intent));
    assertThat(Capacity.spending(store).paying()).as("one of an older release").isEmpty();
  }
}
