package io.fettle.benchmarks.failures;

import io.fettle.activities.training.ledger.LeaseRecord;
import io.fettle.activities.training.ledger.Ledger.Place;
import io.fettle.activities.training.ledger.Ledger.Superseded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;

/**
 * What a cut-off host wrote last and could not bring. It comes into the store once the host's
 * successor has opened, as a put does that was long on its way: past every fence of the host.
 *
 * @param checkpoint its directory, copied while the host could not know yet
 */
record LateCheckpoint(Training train, LeaseRecord lease, Path checkpoint) {
  /** Whether a reader chooses the stale one: the ledger's, and one by the highest step. */
  record Stale(boolean chosen, boolean byHighestStep) {
    static final Stale NONE = new Stale(false, false);
  }

  /** Empty where all that the host wrote is in the store. */
  static Optional<LateCheckpoint> of(Training train, TrainHost host) throws IOException {
    var newest = newest(host.folder().resolve("checkpoints"));
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    var copy = Files.createTempDirectory(train.folder(), "late").resolve("checkpoint");
    try {
      copy(newest.get(), copy);
    } catch (IOException tidied) { // a newer one has just taken its place
      return Optional.empty();
    }
    return Optional.of(new LateCheckpoint(train, train.ledger().lease(host.lease()), copy));
  }

  private static Optional<Path> newest(Path checkpoints) throws IOException {
    if (!Files.isDirectory(checkpoints)) {
      return Optional.empty();
    }
    try (var all = Files.list(checkpoints)) {
      return all.filter(each -> each.getFileName().toString().startsWith("step-"))
          .max(Comparator.naturalOrder());
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (var all = Files.walk(from)) {
      for (var each : all.toList()) {
        var target = to.resolve(from.relativize(each).toString());
        if (Files.isDirectory(each)) {
          Files.createDirectories(target);
        } else {
          Files.copy(each, target);
        }
      }
    }
  }

  Stale land() throws IOException {
    Place late;
    try {
      late = train.ledger().place(train.ledger().publish(lease, checkpoint).reference());
    } catch (Superseded another) {
      throw new IOException("a host wrote one step twice", another);
    }
    if (isResumedFrom(late)) {
      return Stale.NONE; // it was in the store in time
    }
    return new Stale(isTheLedgers(late), isTheHighestStep(late));
  }

  private boolean isResumedFrom(Place late) throws IOException {
    var from = train.ledger().lease(lease.number() + 1).resumeFrom();
    return from != null && train.ledger().place(from).equals(late);
  }

  private boolean isTheLedgers(Place late) throws IOException {
    return train
        .ledger()
        .newestGood(lease.input())
        .map(chosen -> train.ledger().place(chosen.reference()))
        .filter(late::equals)
        .isPresent();
  }

  private boolean isTheHighestStep(Place late) throws IOException {
    return train.published().stream().noneMatch(each -> each.step() > late.step());
  }
}
