package io.fettle.cli.demo;

import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.runs.Look;
import io.fettle.cli.view.Screen;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Plays the cloud once: gives the training host notice as soon as it has published a checkpoint.
 */
final class Preemption implements Consumer<Look> {
  private static final Duration WINDOW = Duration.ofSeconds(30);

  private final LocalCluster cluster;
  private final Screen screen;
  private boolean given;

  Preemption(LocalCluster cluster, Screen screen) {
    this.cluster = cluster;
    this.screen = screen;
  }

  @Override
  public void accept(Look look) {
    var leases = look.status().leases();
    if (given || leases.isEmpty() || look.train().isEmpty()) {
      return;
    }
    var lease = leases.getLast();
    var train = look.train().get();
    if (train.lease() == lease.number() && train.checkpointStep() > lease.fromStep()) {
      cluster.giveNotice(lease.host(), WINDOW);
      given = true;
      screen.say(
          "  the cloud wants %s back: notice given at step %d, it is killed in %d s; checkpoint of step %d is published"
              .formatted(lease.host(), train.step(), WINDOW.toSeconds(), train.checkpointStep()));
    }
  }
}
