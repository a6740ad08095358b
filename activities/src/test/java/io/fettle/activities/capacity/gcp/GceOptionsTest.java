package io.fettle.activities.capacity.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.catalogue.Catalogue;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GceOptionsTest {
  @TempDir Path folder;

  private GceOptions read(String more) throws IOException {
    var file = folder.resolve("pools.yaml");
    Files.writeString(
        file,
        """
        pools:
          gcp:
            provider: gcp
            project: team-ml
            template: fettle-agent
            zones: {z-a: regions/z/subnetworks/default, z-b: regions/z/subnetworks/gpus}
            types: {l4-24gb-x1: [g2-standard-8]}
            prices: {g2-standard-8: {spot: 0.3}}
        """
            + more);
    return GceOptions.of(Capacity.settings(file, Catalogue.shipped()).getFirst(), "me");
  }

  @Test
  void the_operators_file_says_where_and_for_how_much() throws IOException {
    var options = read("");

    assertThat(options.project()).isEqualTo("team-ml");
    assertThat(options.markets()).containsExactly(Market.SPOT, Market.ON_DEMAND);
    assertThat(options.places("l4-24gb-x1", Market.SPOT))
        .containsExactly(
            new Place("g2-standard-8", "z-a", 0.3), new Place("g2-standard-8", "z-b", 0.3));
    assertThat(options.price("g2-standard-8", Market.ON_DEMAND)).isEqualTo(-1);
    assertThat(options.zones()).containsEntry("z-b", "regions/z/subnetworks/gpus");
  }

  @Test
  void credentials_go_to_google_and_over_tls_alone() throws IOException {
    assertThat(read("").signsIn()).isTrue();
    assertThat(read("    endpoint: https://compute.example\n").signsIn()).isTrue();
    assertThat(read("    endpoint: http://127.0.0.1:1\n").signsIn()).isFalse();
  }
}
