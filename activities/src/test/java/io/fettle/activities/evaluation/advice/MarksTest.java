package io.fettle.activities.evaluation.advice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fettle.statistics.Interval;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MarksTest {
  @Test
  void intervals_of_clustered_marks_hold_the_truth_as_often_as_they_say() {
    int held = 0;
    int naive = 0;
    for (int seed = 0; seed < 1_000; seed++) {
      Drawing drawing = new Drawing(seed);
      held += holds(new Marks(200, drawing.clusters).mean(drawing.marks, 0.95), 0.6);
      naive += holds(new Marks(200, List.of()).mean(drawing.marks, 0.95), 0.6);
    }

    assertThat(held).isBetween(920, 1_000);
    assertThat(naive).isLessThan(850);
  }

  @Test
  void differences_of_equal_arms_hold_zero_as_often_as_they_say() {
    int held = 0;
    for (int seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      List<Double> ours = new ArrayList<>();
      List<Double> theirs = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        double shared = random.nextDouble() < 0.5 ? 1 : 0;
        ours.add(random.nextDouble() < 0.1 ? 1 - shared : shared);
        theirs.add(random.nextDouble() < 0.1 ? 1 - shared : shared);
      }
      held += holds(new Marks(60, List.of()).difference(ours, theirs, 0.95), 0);
    }

    assertThat(held).isBetween(935, 1_000);
  }

  @Test
  void arms_without_a_difference_are_not_certain_of_it() {
    List<Double> right = Collections.nCopies(20, 1.0);

    Interval interval = new Marks(20, List.of()).difference(right, right, 0.95);

    assertThat(interval.estimate()).isZero();
    assertThat(interval.low()).isBetween(-0.2, -0.1);
    assertThat(interval.high()).isBetween(0.1, 0.2);
  }

  @Test
  void nothing_measured_tells_nothing() {
    Interval interval = new Marks(5, List.of()).mean(Collections.nCopies(5, 1.0), List.of(), 0.95);

    assertThat(interval.low()).isZero();
    assertThat(interval.high()).isOne();
  }

  @Test
  void detectable_differences_are_those_of_the_tables() {
    assertThat(Power.detectable(149, 0.05)).isCloseTo(0.1, within(0.001));
    assertThat(Power.detectable(620, 0.05)).isCloseTo(0.05, within(0.001));
    assertThat(Power.itemsToTell(0.6, 0.5, 0.05)).isBetween(90, 95);
    assertThat(Power.itemsToTell(0.5, 0.5, 0.05)).isEqualTo(Power.MOST);
  }

  private static int holds(Interval interval, double truth) {
    return interval.low() <= truth && truth <= interval.high() ? 1 : 0;
  }

  /** 50 clusters of four items that are mostly alike; 0.6 are right. */
  private static final class Drawing {
    private final List<Double> marks = new ArrayList<>();
    private final List<Integer> clusters =
        IntStream.range(0, 200).map(item -> item / 4).boxed().toList();

    Drawing(long seed) {
      Random random = new Random(seed);
      double shared = 0;
      for (int i = 0; i < 200; i++) {
        shared = i % 4 == 0 ? draw(random) : shared;
        marks.add(random.nextDouble() < 0.8 ? shared : draw(random));
      }
    }

    private static double draw(Random random) {
      return random.nextDouble() < 0.6 ? 1 : 0;
    }
  }
}
