package io.fettle.workflows.wire;

/** Every workflow id's format, spelled once. */
public final class WorkflowIds {
  private static final int HASH_CHARACTERS = 8;

  private WorkflowIds() {}

  /** A run: its name and the first eight hex characters of its canonical spec's SHA-256. */
  public static String run(String name, String specSha256) {
    return name + "-" + specSha256.substring(0, HASH_CHARACTERS);
  }

  /** The entity workflow that owns an endpoint. */
  public static String deploy(String endpoint) {
    return "deploy-" + endpoint;
  }
}
