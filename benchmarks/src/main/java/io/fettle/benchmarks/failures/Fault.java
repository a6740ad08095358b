package io.fettle.benchmarks.failures;

/** What a lane does to the host of its train. */
enum Fault {
  /** The agent cannot reach the server; shorter than the lease. */
  BLACKOUT,
  /** Neither server nor store; shorter than the lease. */
  CUT_WITHIN_LEASE,
  /** Neither server nor store; longer than the lease. */
  CUT_BEYOND_LEASE,
  /** Agent and trainer stand still for longer than the lease, and thaw. */
  FREEZE,
  /** The host dies and its provider says so. */
  KILL_NOTICED,
  /** The host dies and nobody says so. */
  KILL_SILENT
}
