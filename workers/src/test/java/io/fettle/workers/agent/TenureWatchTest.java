package io.fettle.workers.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.elastic.Booked.Tenure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenureWatchTest {
  private static final Duration LEASE = Duration.ofMinutes(15);
  private static final Duration GRACE = Duration.ofMinutes(2);

  private final List<String> said = new ArrayList<>();
  private final List<Integer> renewals = new ArrayList<>();
  private int renewal = 1;
  private boolean over;
  private boolean storeAway;
  private boolean clientFails;
  private boolean leavingFails;
  private boolean idle;
  private long nanos;
  private final TenureWatch watch =
      new TenureWatch(
          new Store(),
          LEASE,
          GRACE,
          renewals::add,
          new Listener(),
          () -> idle,
          () -> said.add("end"),
          () -> nanos);

  private final class Store implements Tenure {
    @Override
    public Optional<Integer> renewal() throws IOException {
      if (storeAway) {
        throw new IOException("away");
      }
      return Optional.of(renewal);
    }

    @Override
    public boolean isOver() throws IOException {
      if (storeAway) {
        throw new IOException("away");
      }
      if (clientFails) {
        throw new IllegalStateException("connection pool shut down");
      }
      return over;
    }
  }

  private final class Listener implements NoticeWatch.Listener {
    @Override
    public void leave(String reason, Duration window) {
      said.add("leave: " + reason);
      if (leavingFails) {
        throw new IllegalStateException("a trainer that cannot be asked");
      }
    }

    @Override
    public void atRisk(String reason) {
      said.add("risk");
    }
  }

  @Test
  void a_machine_that_is_renewed_stays() {
    for (int minute = 0; minute < 100; minute++) {
      renewal++;
      pass(Duration.ofMinutes(1));
    }
    assertThat(said).isEmpty();
  }

  @Test
  void one_lease_after_its_last_renewal_its_trainers_save_and_then_it_ends() {
    pass(Duration.ofMinutes(1));
    pass(LEASE.minusMinutes(1));
    assertThat(said).isEmpty();
    pass(Duration.ofMinutes(2));
    assertThat(said).containsExactly("leave: nobody has renewed this machine for 15 min");

    pass(Duration.ofSeconds(10));
    assertThat(said).as("its trainer still saves").hasSize(1);
    idle = true;
    pass(Duration.ofSeconds(10));
    assertThat(said).last().isEqualTo("end");
  }

  @Test
  void a_store_that_is_away_for_less_than_a_lease_ends_nothing() {
    storeAway = true;
    pass(LEASE.minusMinutes(1));
    storeAway = false;
    renewal++;
    pass(Duration.ofMinutes(2));
    assertThat(said).isEmpty();

    storeAway = true;
    pass(LEASE.plusMinutes(1));
    assertThat(said).hasSize(1);
  }

  @Test
  void a_failure_that_nobody_foresaw_neither_renews_nor_ends_the_watch() {
    clientFails = true;
    leavingFails = true;
    pass(LEASE.plusMinutes(1));
    assertThat(said).containsExactly("leave: nobody has renewed this machine for 15 min");
    pass(GRACE.plusSeconds(1));
    assertThat(said).last().isEqualTo("end");
  }

  @Test
  void each_renewal_is_told_once() {
    pass(Duration.ofSeconds(10));
    pass(Duration.ofSeconds(10));
    renewal++;
    pass(Duration.ofSeconds(10));
    assertThat(renewals).containsExactly(1, 2);
  }

  @Test
  void the_machines_backstop_finds_the_renewal_in_a_file(@TempDir Path folder) throws IOException {
    var file = folder.resolve("renewed");
    var told = new RenewalFile(Optional.of(file));
    told.accept(7);
    told.accept(-8);
    assertThat(file).hasContent("-8");
    Files.delete(file);
    Files.createDirectory(file);
    Files.createFile(file.resolve("in-the-way"));
    told.accept(9);
    assertThat(file).as("is no failure of the watch").isDirectory();
  }

  @Test
  void a_machine_that_was_given_back_ends_at_once_even_under_a_trainer_that_does_not() {
    over = true;
    pass(Duration.ofSeconds(1));
    assertThat(said).containsExactly("leave: the run gave this machine back");
    pass(GRACE.plusSeconds(1));
    assertThat(said).last().isEqualTo("end");
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    watch.look();
  }
}
