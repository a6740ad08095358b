package io.fettle.statistics;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Limited-memory BFGS with a backtracking search (Nocedal and Wright, Numerical Optimization,
 * algorithms 7.4 and 3.1). For smooth convex functions.
 */
final class Lbfgs {
  private static final int REMEMBERED = 10;
  private static final double ENOUGH = 1e-4;
  private static final double FLAT = 1e-6;

  /** The first steps know no curvature, and are short. */
  private static final int FIRST = 3;

  private static final int MOST_HALVINGS = 40;

  private Lbfgs() {}

  /** A function of a point that also fills in its gradient there. */
  @FunctionalInterface
  interface Smooth {
    double at(double[] point, double[] gradient);
  }

  /** A step that was taken, and by how much it changed the gradient. */
  private static final class Move {
    private final double[] step;
    private final double[] change;
    private final double curvature;

    Move(double[] step, double[] change, double curvature) {
      this.step = step;
      this.change = change;
      this.curvature = curvature;
    }
  }

  /**
   * Where the function is lowest; the search ends once a step lowers it by less than a millionth of
   * itself.
   */
  static double[] minimum(double[] start, Smooth function, int mostSteps) {
    double[] point = start.clone();
    double[] gradient = new double[point.length];
    double value = function.at(point, gradient);
    Deque<Move> moves = new ArrayDeque<>();
    for (int step = 0; step < mostSteps; step++) {
      double[] direction = direction(gradient, moves);
      double[] next = new double[point.length];
      double[] nextGradient = new double[point.length];
      double slope = dot(direction, gradient);
      double length = moves.isEmpty() ? 1 / Math.max(1, Math.sqrt(dot(gradient, gradient))) : 1;
      double lower = Double.NaN;
      for (int i = 0; i < MOST_HALVINGS && Double.isNaN(lower); i++, length /= 2) {
        move(point, direction, length, next);
        double tried = function.at(next, nextGradient);
        lower = tried <= value + ENOUGH * length * slope ? tried : Double.NaN;
      }
      if (Double.isNaN(lower)) {
        return point; // as low as numbers can tell
      }
      remember(moves, difference(next, point), difference(nextGradient, gradient));
      boolean isFlat = step > FIRST && value - lower < FLAT * Math.abs(value);
      point = next;
      gradient = nextGradient;
      value = lower;
      if (isFlat) {
        return point;
      }
    }
    return point;
  }

  private static void remember(Deque<Move> moves, double[] step, double[] change) {
    double curvature = dot(step, change);
    if (curvature > 1e-12) {
      moves.addLast(new Move(step, change, curvature));
      if (moves.size() > REMEMBERED) {
        moves.removeFirst();
      }
    }
  }

  /** The two loops over what is remembered: downhill, as the curvature has it. */
  private static double[] direction(double[] gradient, Deque<Move> moves) {
    double[] direction = gradient.clone();
    double[] shares = new double[moves.size()];
    int i = moves.size();
    for (Iterator<Move> back = moves.descendingIterator(); back.hasNext(); ) {
      Move move = back.next();
      shares[--i] = dot(move.step, direction) / move.curvature;
      move(direction, move.change, -shares[i], direction);
    }
    Move last = moves.peekLast();
    double scale = last == null ? 1 : last.curvature / dot(last.change, last.change);
    for (int j = 0; j < direction.length; j++) {
      direction[j] *= scale;
    }
    for (Move move : moves) {
      double share = dot(move.change, direction) / move.curvature;
      move(direction, move.step, shares[i++] - share, direction);
    }
    for (int j = 0; j < direction.length; j++) {
      direction[j] = -direction[j];
    }
    return direction;
  }

  private static void move(double[] from, double[] direction, double length, double[] to) {
    for (int i = 0; i < from.length; i++) {
      to[i] = from[i] + length * direction[i];
    }
  }

  private static double[] difference(double[] one, double[] other) {
    double[] difference = new double[one.length];
    move(one, other, -1, difference);
    return difference;
  }

  private static double dot(double[] one, double[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += one[i] * other[i];
    }
    return sum;
  }
}
