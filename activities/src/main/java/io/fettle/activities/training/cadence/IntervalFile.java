package io.fettle.activities.training.cadence;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.training.cadence.CheckpointInterval.Choice;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The interval of one lease's trainer: computed again after each checkpoint, written for the
 * trainer to read at its next step boundary. Used by one thread.
 */
public final class IntervalFile {
  private static final Logger log = LoggerFactory.getLogger(IntervalFile.class);
  private static final double LEAST_CHANGE = 0.05;

  private final Path file;
  private final int lease;
  private final CheckpointInterval formula;
  private final SavingCosts costs;
  private final RunPast past = new RunPast();
  private double firstTime = Double.NaN;
  private double lastTime = Double.NaN;
  private double standing;

  public IntervalFile(Path file, int lease, CheckpointInterval formula, SavingCosts costs) {
    this.file = file;
    this.lease = lease;
    this.formula = formula;
    this.costs = costs;
  }

  /**
   * Learns from an earlier lease of the same run.
   *
   * @param events an object a line; a line that cannot be read is left out
   */
  public void learn(byte[] events) {
    var lines = new String(events, StandardCharsets.UTF_8).lines();
    past.add(lines.map(IntervalFile::parsed).flatMap(Optional::stream).toList(), costs);
  }

  private static Optional<JsonNode> parsed(String line) {
    try {
      return Optional.of(Wire.mapper().readTree(line));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** Takes in when this lease's trainer said something. */
  public void hear(JsonNode event) {
    if (event.path("time").isNumber()) {
      var time = event.path("time").asDouble();
      firstTime = Double.isNaN(firstTime) ? time : Math.min(firstTime, time);
      lastTime = Double.isNaN(lastTime) ? time : Math.max(lastTime, time);
    }
  }

  /** Writes the interval where it moved by more than noise; returns it then. */
  public Optional<Choice> renew() throws IOException {
    var seen = past.with(Double.isNaN(firstTime) ? 0 : lastTime - firstTime);
    var choice = formula.of(costs.stall(), costs.landing(), seen);
    if (Math.abs(choice.seconds() - standing) <= LEAST_CHANGE * standing) {
      return Optional.empty();
    }
    write(choice.seconds());
    log.info(
        "checkpoint interval of lease {} is {} s{}: {}; stall {} s, upload {} s, {} interruptions in {} h seen, hazard {} an hour",
        lease,
        text(choice.seconds()),
        standing == 0 ? "" : " (was " + text(standing) + ")",
        choice.bound().name().toLowerCase(Locale.ROOT),
        text(choice.stall()),
        text(choice.upload()),
        seen.interruptions(),
        text(seen.seconds() / 3_600),
        text(choice.hazardPerHour()));
    standing = choice.seconds();
    return Optional.of(choice);
  }

  private static String text(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  private void write(double seconds) throws IOException {
    Files.createDirectories(file.getParent());
    var draft = file.resolveSibling("." + file.getFileName() + ".draft");
    Files.write(draft, Wire.mapper().writeValueAsBytes(Map.of("every_seconds", seconds)));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The interval that the trainer reads now; empty before the first. */
  public OptionalDouble standing() {
    return standing == 0 ? OptionalDouble.empty() : OptionalDouble.of(standing);
  }
}
