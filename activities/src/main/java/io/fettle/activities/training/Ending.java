package io.fettle.activities.training;

import io.fettle.activities.disks.Folders;
import io.fettle.activities.programs.Program;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.activities.training.ledger.Ledger.Published;
import io.fettle.activities.training.ledger.Ledger.Superseded;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.TrainerExit;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a trainer's exit to the lease's outcome: the last checkpoints are published, the result
 * chosen and recorded.
 */
final class Ending {
  private static final Logger log = LoggerFactory.getLogger(Ending.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int LOG_BYTES = 256 * 1024;

  private final HostParts parts;
  private final WorkFolder folder;
  private final Assignment assignment;
  private final Ledger ledger;
  private final Publisher publisher;
  private final TrainerView view;
  private final StandingStop stops;
  private final LastSave last;

  Ending(
      HostParts parts,
      WorkFolder folder,
      Assignment assignment,
      Ledger ledger,
      Publisher publisher,
      TrainerView view,
      StandingStop stops,
      LastSave last) {
    this.parts = parts;
    this.folder = folder;
    this.assignment = assignment;
    this.ledger = ledger;
    this.publisher = publisher;
    this.view = view;
    this.stops = stops;
    this.last = last;
  }

  Outcome of(Program.Exit exit) throws IOException, InterruptedException {
    publisher.stopCollecting();
    return switch (ExitReading.of(exit, stops.stop(), view.error())) {
      case ExitReading.Finished _ -> finished();
      case ExitReading.Stopped(var by) -> stopped(by);
      case ExitReading.Failed(var type, var reason) -> {
        last.publish();
        yield Outcome.failed(type, exit(reason));
      }
    };
  }

  Outcome stopped(Stop stop) throws InterruptedException {
    return switch (stop.cause()) {
      case NOTICE -> {
        last.publishIfItFits();
        yield Outcome.failed(
            FailureType.PREEMPTED,
            exit(
                "%s; the checkpoint of step %d is published"
                    .formatted(stop.reason(), publisher.publishedStep())));
      }
      case SUPERSEDED -> Outcome.failed(FailureType.SUPERSEDED, exit(stop.reason()));
      case CANCELLED -> {
        last.publish();
        yield Outcome.cancelled(exit(stop.reason()));
      }
      case CLOSED -> {
        last.publish();
        yield Outcome.untold(exit(stop.reason()));
      }
      case STALLED -> stopped(stop, FailureType.STALLED);
      case DATA -> stopped(stop, FailureType.STEP_FAILED);
      case ASKED -> stopped(stop, FailureType.PREEMPTED);
      case PAUSED -> stopped(stop, FailureType.PAUSED); // kept by the server until an unpause
      case UNKNOWN -> stopped(stop, FailureType.UNKNOWN);
    };
  }

  private Outcome stopped(Stop stop, FailureType type) throws InterruptedException {
    last.publish();
    return Outcome.failed(type, exit(stop.reason()));
  }

  /** What is known of the trainer, with its log in the store where that answers. */
  TrainerExit exit(String reason) {
    return new TrainerExit(reason, publisher.publishedStep(), view.step(), storedLog());
  }

  void cleanUp() throws IOException {
    try {
      ledger.end(assignment.lease());
    } catch (IOException e) {
      log.info("lease {} is not marked as ended; it will run out", assignment.lease());
    }
    folder.close();
  }

  /** Once nobody waits for this lease: it may take as long as reading a checkpoint back. */
  void collectLast() {
    try {
      if (folder.outcome().flatMap(Outcome::checkpoint).isPresent()) {
        publisher.collectLast(parts.inputs().keep(assignment.job()));
      }
    } catch (IOException e) { // nobody's loss: too many stay
      log.info("old checkpoints of run {} stay: {}", assignment.run(), e.toString());
    }
  }

  // --- The result

  private Outcome finished() throws IOException, InterruptedException {
    while (true) {
      try {
        return Outcome.finished(recorded());
      } catch (Superseded e) {
        return Outcome.failed(FailureType.SUPERSEDED, exit(String.valueOf(e.getMessage())));
      } catch (ObjectStore.MissingObject | ObjectStore.CorruptObject e) {
        throw e;
      } catch (IOException e) {
        log.warn("the train is done and waits for the store: {}", e.getMessage());
      }
      var asked = stops.stop();
      if (asked.isPresent() && asked.get().cause() != Stop.Cause.ASKED) {
        return stopped(asked.get());
      }
      Thread.sleep(PAUSE);
    }
  }

  private Checkpoint recorded() throws IOException, Superseded, InterruptedException {
    publishWhatCounts();
    var newest = ledger.newestLease();
    if (newest.isEmpty() || newest.get().number() != assignment.lease()) {
      throw new Superseded("another lease has opened; what this one finished is not chosen");
    }
    var chosen = chosen();
    var adapter = uploadAdapter(chosen);
    var manifest = chosen.manifest();
    var checkpoint =
        new Checkpoint(
            manifest.lease(),
            Math.toIntExact(manifest.step()),
            chosen.reference(),
            adapter,
            Optional.ofNullable(manifest.devLoss()),
            view.stoppedEarly());
    return record(checkpoint);
  }

  private Checkpoint record(Checkpoint checkpoint) throws IOException, InterruptedException {
    var key = new StepKey("train", assignment.job().lease().input());
    try {
      return parts.steps().once(key, Checkpoint.class, () -> checkpoint).value();
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the train's record could not be put", e);
    }
  }

  private Published chosen() throws IOException {
    var input = assignment.job().lease().input();
    var best =
        parts.inputs().choosesBest(assignment.job())
            ? ledger.best(input)
            : Optional.<Published>empty();
    var chosen = best.isPresent() ? best : ledger.newestGood(input);
    return chosen.orElseThrow(
        () ->
            new IOException("the trainer finished, but no whole checkpoint of it is in the store"));
  }

  /** An ordinary PEFT folder, or a model's, as a shared tree that outlives the run's own blobs. */
  private Reference uploadAdapter(Published chosen) throws IOException {
    var scratch = folder.path().resolve("result");
    Folders.delete(scratch);
    Files.createDirectories(scratch);
    try {
      ledger.fetch(chosen, scratch);
      var adapter = scratch.resolve("adapter");
      return Staging.uploadTree(
          parts.store(),
          Files.isDirectory(adapter) ? adapter : scratch.resolve("model"),
          ObjectStore.OBJECTS);
    } finally {
      Folders.delete(scratch);
    }
  }

  private void publishWhatCounts() throws IOException, Superseded, InterruptedException {
    var counts = new TreeSet<Long>();
    var steps = folder.steps();
    if (!steps.isEmpty()) {
      counts.add(steps.getLast());
    }
    double least = Double.POSITIVE_INFINITY;
    long best = -1;
    for (var step : steps) {
      var devLoss = devLoss(folder.checkpoint(step));
      if (devLoss < least) {
        least = devLoss;
        best = step;
      }
    }
    if (best >= 0) {
      counts.add(best);
    }
    for (var step : counts) {
      publisher.publish(step);
    }
  }

  private static double devLoss(Path checkpoint) throws IOException {
    var node =
        Wire.mapper().readTree(checkpoint.resolve("manifest.json").toFile()).path("dev_loss");
    return node.isNumber() ? node.asDouble() : Double.POSITIVE_INFINITY;
  }

  private Optional<String> storedLog() {
    try (var file = new RandomAccessFile(folder.path().resolve("stderr.log").toFile(), "r")) {
      var bytes = (int) Math.min(LOG_BYTES, file.length());
      file.seek(file.length() - bytes);
      var tail = new byte[bytes];
      file.readFully(tail);
      return Optional.of(parts.store().putBlob(tail).uri().toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
