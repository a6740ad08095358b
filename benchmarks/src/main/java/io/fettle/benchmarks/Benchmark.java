package io.fettle.benchmarks;

import java.util.List;
import java.util.function.Consumer;

/** One {@code fettle bench NAME}. */
public interface Benchmark {
  String name();

  /** What it measures, in one line. */
  String summary();

  /**
   * Measures on this machine and leaves nothing running.
   *
   * @param known told of each row as soon as it is measured, by one that takes long
   * @return its rows; a row that cannot run here says so
   * @throws Exception where the benchmark itself broke; the command then fails with what broke
   */
  List<Row> measure(Effort effort, Consumer<Row> known) throws Exception;

  /** The same, told of nothing before its end. */
  default List<Row> measure(Effort effort) throws Exception {
    return measure(effort, _ -> {});
  }
}
