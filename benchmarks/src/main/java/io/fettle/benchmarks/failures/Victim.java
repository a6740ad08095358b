package io.fettle.benchmarks.failures;

/** Whom a kill hits. */
enum Victim {
  AGENT("agent"),
  CONTROL("control"),
  SERVER("temporal");

  private final String process;

  Victim(String process) {
    this.process = process;
  }

  /** What its processes' names begin with. */
  String process() {
    return process;
  }
}
