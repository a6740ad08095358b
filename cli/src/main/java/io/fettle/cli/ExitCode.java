package io.fettle.cli;

/** What a command's exit status means to a script; the numbers are a contract. */
public enum ExitCode {
  DONE(0),
  /** The run failed, or {@code bench} or {@code test} did. */
  FAILED(1),
  /** Wrong usage or invalid input. */
  INVALID(2),
  /** The gate said FAIL or INCONCLUSIVE, or the canary rolled back. */
  GATE_CLOSED(3),
  /** Approval refused or expired. */
  NOT_APPROVED(4),
  CANCELLED(5),
  /** Server or store unreachable. */
  UNREACHABLE(6),
  PREREQUISITE_MISSING(7),
  /** The advice ended the run. */
  ADVISED_AGAINST(8),
  /** Parked for an operator. */
  PARKED(9);

  private final int code;

  ExitCode(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
