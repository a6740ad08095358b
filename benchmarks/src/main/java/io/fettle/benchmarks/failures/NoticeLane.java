package io.fettle.benchmarks.failures;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.activities.training.ledger.Manifest;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** One endless train whose hosts are given notice, over a store that takes its time. */
final class NoticeLane {
  private static final Duration OPEN = Duration.ofMinutes(3);
  private static final Duration LATE = Duration.ofSeconds(10);

  private final Rig rig;
  private final Training train;

  NoticeLane(Rig rig, Training train) {
    this.rig = rig;
    this.train = train;
  }

  /**
   * One notice.
   *
   * @param window seconds from the notice to the host's end
   * @param share of it that the upload of one checkpoint takes
   * @param known whether such an upload was seen before
   * @param told whether the host hears of it at all
   */
  record Notice(int window, double share, boolean known, boolean told) {
    static Notice usual(int window, double share) {
      return new Notice(window, share, true, true);
    }

    double uploadSeconds() {
      return share * window;
    }
  }

  /**
   * What became of it.
   *
   * @param lostSteps done by its trainer, and in no published checkpoint
   * @param refused whether the agent said, before it wrote anything, that a save would not fit
   * @param torn whether the successor went on from anything but a checkpoint that was whole before
   */
  record Outcome(Notice notice, long lostSteps, boolean refused, boolean torn) {
    /** The trainer stopped at a step that is in the store. */
    boolean published() {
      return lostSteps == 0;
    }
  }

  Outcome suffer(Notice notice) throws Exception {
    train.awaitPublished(2);
    var host = train.host();
    shape(host, notice);
    if (notice.told()) {
      host.giveNotice(Duration.ofSeconds(notice.window()));
    }
    Thread.sleep(Duration.ofSeconds(notice.window()));
    if (notice.told()) {
      Waits.must("the end of " + host.host(), LATE, () -> !host.isTraining());
    } else {
      host.kill();
      host.sayTerminated();
    }
    Waits.must("a successor", OPEN, () -> train.newestLease() > host.lease());
    long saved =
        train.published(host.lease()).stream()
            .mapToLong(Training.Published::step)
            .max()
            .orElseThrow();
    return new Outcome(notice, host.step() - saved, refused(host), isTorn(host.lease() + 1));
  }

  private void shape(TrainHost host, Notice notice) throws Exception {
    long rate = Math.max(1, Math.round(uploadBytes() / notice.uploadSeconds()));
    rig.faults(host.agent()).set(Faults.State.slow(rate));
    if (notice.known()) {
      Waits.must(
          "an upload at %d bytes a second".formatted(rate),
          Duration.ofSeconds(Math.round(3 * notice.uploadSeconds()) + 30),
          () -> slowest(host) > 0.6 * notice.uploadSeconds());
    }
  }

  /** Of a checkpoint after another one: files that stay the same are not brought again. */
  private long uploadBytes() throws IOException {
    var manifests =
        train.ledger().survey(false).stream()
            .map(Ledger.Entry::manifest)
            .flatMap(Optional::stream)
            .toList();
    var newest = manifests.getLast();
    var before =
        manifests.get(manifests.size() - 2).files().stream()
            .map(Manifest.File::sha256)
            .collect(Collectors.toCollection(HashSet::new));
    return newest.files().stream()
        .filter(file -> !before.contains(file.sha256()))
        .mapToLong(Manifest.File::bytes)
        .sum();
  }

  private static double slowest(TrainHost host) throws IOException {
    return notes(host, "published").stream()
        .mapToDouble(note -> note.path("seconds").asDouble())
        .max()
        .orElse(0);
  }

  private static boolean refused(TrainHost host) throws IOException {
    var drains = notes(host, "drain");
    return !drains.isEmpty() && !drains.getLast().path("asked").asBoolean();
  }

  private static List<JsonNode> notes(TrainHost host, String event) throws IOException {
    return Events.all(host.folder().resolve("agent.jsonl")).stream()
        .filter(note -> note.path("event").asText().equals(event))
        .toList();
  }

  private boolean isTorn(int successor) throws IOException {
    var from = train.ledger().lease(successor).resumeFrom();
    return from == null
        || train.ledger().survey(true).stream()
            .filter(entry -> !entry.loadedBy().isEmpty() && entry.loadedBy().contains(successor))
            .noneMatch(Ledger.Entry::whole);
  }
}
