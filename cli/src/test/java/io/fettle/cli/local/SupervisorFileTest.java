package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SupervisorFileTest {
  private static final URI STORE = URI.create("s3://b/fettle");

  @Test
  void another_server_is_told() {
    var file = file("t:7233", false, "s3://b/fettle");
    assertThat(file.otherThan(Optional.of("t:7233"), STORE)).isEmpty();
    assertThat(file.otherThan(Optional.of("u:7233"), STORE))
        .contains("the server at t:7233, FETTLE_TEMPORAL_ADDRESS is u:7233");
    assertThat(file.otherThan(Optional.empty(), STORE))
        .contains("the server at t:7233, FETTLE_TEMPORAL_ADDRESS is not set");
    assertThat(file("127.0.0.1:7233", true, "s3://b/fettle").otherThan(Optional.empty(), STORE))
        .isEmpty();
  }

  @Test
  void another_store_is_told() {
    assertThat(file("t:7233", false, "file:///home/store/").otherThan(Optional.of("t:7233"), STORE))
        .contains("the store at file:///home/store/, FETTLE_STORE says s3://b/fettle");
  }

  @Test
  void one_folder_may_be_written_in_several_ways_and_an_older_file_names_none() {
    var folder = URI.create("file:/home/store");
    for (var store : new @Nullable String[] {"file:///home/store/", "file:/home/store", null}) {
      assertThat(file("t:7233", false, store).otherThan(Optional.of("t:7233"), folder)).isEmpty();
    }
  }

  private static SupervisorFile file(String address, boolean embedded, @Nullable String store) {
    return new SupervisorFile(1, Instant.EPOCH, "app", address, "fettle", embedded, store, null);
  }
}
