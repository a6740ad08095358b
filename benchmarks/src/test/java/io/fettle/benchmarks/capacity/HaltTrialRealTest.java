package io.fettle.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.benchmarks.capacity.HaltTrial.Fate;
import io.fettle.benchmarks.capacity.HaltTrial.Found;
import io.fettle.benchmarks.capacity.HaltTrial.Plan;
import io.fettle.benchmarks.capacity.PoolChild.Death;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

@Tag("real")
class HaltTrialRealTest {
  @TempDir Path folder;

  @TestFactory
  Stream<DynamicTest> a_process_that_dies_leaves_nothing_and_launches_once() {
    var account = Moto.account();
    var children = new Children(folder);
    var fates = Fate.values();
    return IntStream.rangeClosed(1, Crash.POINTS)
        .mapToObj(
            point ->
                new Plan(
                    point,
                    point % 2 == 0 ? Death.KILL : Death.HALT,
                    fates[point % fates.length],
                    point))
        .map(
            plan ->
                dynamicTest(
                    plan.toString(),
                    () -> {
                      var scratch = Files.createDirectories(folder.resolve("s" + plan.point()));
                      try (var trial = new HaltTrial(plan, account, children, scratch)) {
                        assertThat(trial.product()).isEqualTo(new Found(0, 0, 0));
                      }
                    }));
  }
}
