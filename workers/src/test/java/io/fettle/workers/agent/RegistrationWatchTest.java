package io.fettle.workers.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.HostClaim.Identity;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrationWatchTest {
  private static final String MARK = "capacity/agents/lab/h-1.alive";

  @TempDir Path folder;
  private ObjectStore store;
  private boolean unavailable;
  private boolean failing;
  private RegistrationWatch watch;

  @BeforeEach
  void prepare() throws IOException {
    store = Stores.open(folder.toUri());
    var identity = new Identity("h-1", "boot", "lab", "h100-80gb-x8");
    watch =
        new RegistrationWatch(
            Capacity.registration(store, identity), Duration.ofMillis(5), this::isUnavailable);
  }

  private boolean isUnavailable() {
    if (failing) {
      throw new IllegalStateException("connection pool shut down");
    }
    return unavailable;
  }

  @AfterEach
  void close() throws IOException {
    watch.close();
    store.close();
  }

  @Test
  void a_machine_whose_mark_was_removed_is_back_with_the_next_heartbeat() throws Exception {
    watch.start();
    for (int i = 0; i < 3; i++) {
      store.delete(MARK);
      for (int looks = 0; store.find(MARK).isEmpty(); looks++) {
        assertThat(looks).as("looks").isLessThan(2_000);
        Thread.sleep(5);
      }
    }
  }

  @Test
  void a_failure_that_nobody_foresaw_does_not_end_the_heartbeat() throws IOException {
    failing = true;
    watch.look();
    failing = false;
    watch.look();
    assertThat(store.find(MARK)).isPresent();
  }

  @Test
  void a_machine_that_leaves_is_registered_no_more_until_it_stays() throws IOException {
    watch.look();
    unavailable = true;
    watch.look();
    assertThat(store.find(MARK)).isEmpty();

    unavailable = false;
    watch.look();
    assertThat(store.find(MARK)).isPresent();
  }

  @Test
  void a_machine_that_saves_what_a_reboot_left_is_not_registered_under_any_boot()
      throws IOException {
    var before = new Identity("h-1", "earlier", "lab", "h100-80gb-x8");
    Capacity.registration(store, before).register();
    unavailable = true;

    watch.start();

    assertThat(store.find(MARK)).isEmpty();
  }

  @Test
  void a_machine_is_registered_once_its_watch_has_started() throws IOException {
    watch.start();
    assertThat(store.find(MARK)).isPresent();
  }

  @Test
  void an_ordered_stop_takes_the_mark_back_for_good() throws IOException {
    watch.look();
    assertThat(store.find(MARK)).isPresent();

    watch.close();
    watch.look();

    assertThat(store.find(MARK)).isEmpty();
  }
}
