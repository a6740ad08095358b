package io.fettle.benchmarks.failures;

import java.util.List;

/** Whom a kill hits. */
enum Victim {
  AGENT("agent"),
  CONTROL("control"),
  SERVER("temporal"),
  /** Its provider takes it without a notice; only launched ones. */
  HOST("");

  /** Those that are processes of a home. */
  static final List<Victim> PROCESSES = List.of(AGENT, CONTROL, SERVER);

  private final String process;

  Victim(String process) {
    this.process = process;
  }

  /** What its processes' names begin with. */
  String process() {
    return process;
  }
}
