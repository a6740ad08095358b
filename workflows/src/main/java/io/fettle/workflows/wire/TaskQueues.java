package io.fettle.workflows.wire;

/** Every task queue's name, spelled once. */
public final class TaskQueues {
  /** Workflows, and short activities that only touch the store or the server. */
  public static final String CONTROL = "control";

  /** Steps that compute without a GPU. */
  public static final String CPU = "cpu";

  private TaskQueues() {}

  /** Where an idle host of a pool with machines of its own waits for a run. */
  public static String pool(String pool, String shape) {
    return "gpu-" + pool + "-" + shape;
  }

  /**
   * Where the one host polls that an elastic pool launched for this acquisition, so that the payer
   * gets it.
   */
  public static String claim(String token) {
    return "gpu-claim-" + token;
  }

  /** A claimed host's own queue: stable over its agent's restart, new after a reboot. */
  public static String host(String host, String boot) {
    return "gpu-host-" + host + "-" + boot;
  }

  /** The small queue beside it that still answers while a train holds the host. */
  public static String hostControl(String host, String boot) {
    return host(host, boot) + "-ctl";
  }
}
