package io.fettle.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.Capacity.Spent;
import io.fettle.activities.capacity.elastic.Spending.Bill;
import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.PhaseTime;
import io.fettle.workflows.training.TrainProgress;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunLinesTest {
  @Test
  void a_train_fits_a_terminal_and_says_a_dash_where_nothing_is_known() {
    var full =
        new TrainProgress(2, "step", 25, 50, of(0.1234), of(0.2), of(812.4), Optional.of(200L), 20);
    assertThat(RunLines.train(full))
        .isEqualTo("  step 25/50  loss 0.123  dev 0.200  812 tok/s  eta 3m20s  lease 2  saved 20")
        .hasSizeLessThan(80);
    var none = Optional.<Double>empty();
    assertThat(
            RunLines.train(
                new TrainProgress(1, "load", 0, 50, none, none, none, Optional.empty(), 0)))
        .isEqualTo("  load 0/50  loss -  dev -  - tok/s  eta -  lease 1  saved 0");
  }

  @Test
  void a_lease_says_where_it_went_on_and_why_it_ended() {
    assertThat(
            RunLines.lease(
                new LeaseStory(2, "local-2", 20, 1, 50, 0, 1, "Finished", "all steps done")))
        .isEqualTo(
            "  lease 2 on local-2: resumed at step 20 of lease 1 to step 50, Finished: all steps done");
    assertThat(RunLines.lease(new LeaseStory(1, "local-1", 0, 0, 0, 0, 0, "running", "")))
        .isEqualTo("  lease 1 on local-1: from step 0 to step 0, running");
  }

  @Test
  void a_phase_has_its_columns_and_no_seconds_while_it_runs() {
    assertThat(RunLines.phase(new PhaseTime("plan", 0, 1.25, "done", "1.0 of 8.0 GiB")))
        .isEqualTo("plan       done        1.3 s  1.0 of 8.0 GiB");
    assertThat(RunLines.phase(new PhaseTime("train", 0, 0, "running", "")))
        .isEqualTo("train      running");
  }

  @Test
  void durations_are_read_at_a_glance() {
    assertThat(RunLines.duration(45)).isEqualTo("45s");
    assertThat(RunLines.duration(200)).isEqualTo("3m20s");
    assertThat(RunLines.duration(7_500)).isEqualTo("2h05m");
  }

  @Test
  void without_a_terminal_the_live_line_is_a_plain_one_now_and_then() {
    var written = new StringWriter();
    var screen = new Screen(new PrintWriter(written), false);
    screen.live("step 1");
    screen.live("step 2");
    screen.say("train done");
    assertThat(written.toString()).isEqualTo("step 1\ntrain done\n");
  }

  @Test
  void on_a_terminal_the_live_line_stays_below_what_is_said() {
    var written = new StringWriter();
    var screen = new Screen(new PrintWriter(written), true);
    screen.live("step 1");
    screen.say("plan done");
    screen.live("");
    assertThat(written.toString()).isEqualTo("\r\033[Kstep 1\r\033[Kplan done\nstep 1\r\033[K");
  }

  private static Optional<Double> of(double value) {
    return Optional.of(value);
  }

  @Test
  void an_order_has_its_values_where_it_changed_one() {
    assertThat(
            RunLines.order(new AuditEntry("amend gate", "bob", "shadow", 0, "required", "skipped")))
        .isEqualTo("  amend gate by bob (required -> skipped): shadow");
    assertThat(RunLines.order(new AuditEntry("approve", "bob", "looks right", 0, "", "")))
        .isEqualTo("  approve by bob: looks right");
  }

  @Test
  void a_bill_names_the_caps_and_the_hosts_that_it_cannot_count() {
    assertThat(RunLines.bill(bill(new Spent(3.214, 0), Optional.empty())))
        .isEqualTo("hosts have cost 3.21 dollars so far");
    assertThat(RunLines.bill(bill(new Spent(0, 2), of(25))))
        .isEqualTo(
            "hosts have cost 0.00 of 25.00 dollars so far; what 2 of them cost is not known");
    assertThat(
            RunLines.bill(
                new Bill(new Spent(3, 0), of(25), Optional.of("sweep"), new Spent(12, 0), of(200))))
        .isEqualTo(
            "hosts have cost 3.00 of 25.00 dollars so far; those of experiment sweep 12.00 of 200.00 dollars");
    assertThat(RunLines.isPaid(bill(Spent.NOTHING, Optional.empty()))).isFalse();
    assertThat(RunLines.isPaid(bill(Spent.NOTHING, of(25)))).isTrue();
  }

  private static Bill bill(Spent spent, Optional<Double> cap) {
    return new Bill(spent, cap, Optional.empty(), Spent.NOTHING, Optional.empty());
  }
}
