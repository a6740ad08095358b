package io.fettle.activities.training.cadence;

import java.util.OptionalDouble;

/**
 * How often a checkpoint is worth its stall: where the time spent on saving equals the time that
 * interruptions are expected to lose, {@code sqrt(2 x stall / hazard)}. All in seconds.
 *
 * @param least never more often
 * @param most the most training time that an interruption may cost: a checkpoint counts once it is
 *     in the store, so that the next one is due its own stall and upload earlier than this
 * @param priorSeconds how long hosts are expected to last, before any was seen: it weighs as one
 *     interruption in that time
 */
public record CheckpointInterval(double least, double most, double priorSeconds) {
  /** An upload must have ended before the next one is due. */
  private static final double ROOM_FOR_UPLOADS = 1.2;

  /** A save may take twice as long as the last ones did. */
  private static final double ROOM_FOR_A_SAVE = 2;

  private static final double HOUR = 3_600;

  /** Which term decided. */
  public enum Bound {
    /** No checkpoint was seen yet: the first one is taken early, because it measures. */
    UNMEASURED,
    COSTS,
    UPLOAD,
    LEAST,
    MOST
  }

  /** What a run has been through. */
  public record Seen(int interruptions, double seconds) {}

  /** The interval and the numbers that it follows from. */
  public record Choice(
      double seconds, Bound bound, double stall, double upload, double hazardPerHour) {}

  /**
   * Chooses.
   *
   * @param stall how long training stands still for a checkpoint
   * @param upload from then on until it is in the store
   */
  public Choice of(OptionalDouble stall, OptionalDouble upload, Seen seen) {
    var hazard = (1 + seen.interruptions()) / (priorSeconds + seen.seconds());
    var floor = Math.min(Math.max(least, ROOM_FOR_UPLOADS * upload.orElse(0)), most);
    if (stall.isEmpty()) {
      return new Choice(floor, Bound.UNMEASURED, 0, upload.orElse(0), hazard * HOUR);
    }
    var best = Math.sqrt(2 * stall.getAsDouble() / hazard);
    var onTheWay = ROOM_FOR_A_SAVE * (stall.getAsDouble() + upload.orElse(0));
    var ceiling = Math.max(floor, most - onTheWay);
    return new Choice(
        Math.clamp(best, floor, ceiling),
        bound(best, floor, ceiling),
        stall.getAsDouble(),
        upload.orElse(0),
        hazard * HOUR);
  }

  private Bound bound(double best, double floor, double ceiling) {
    var atFloor = floor > least ? Bound.UPLOAD : Bound.LEAST;
    if (best > ceiling) {
      return ceiling > floor || floor >= most ? Bound.MOST : atFloor;
    }
    return best >= floor ? Bound.COSTS : atFloor;
  }
}
