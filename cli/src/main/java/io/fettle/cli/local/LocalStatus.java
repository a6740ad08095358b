package io.fettle.cli.local;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What runs on this machine for one {@code FETTLE_HOME}.
 *
 * @param running whether a supervisor lives
 * @param address of the server, whether ours or a configured one; null if nothing runs
 * @param heldBack why the control worker runs an older build, a line a run; empty if it does not
 * @param endpoints base address by name
 */
public record LocalStatus(
    boolean running,
    String home,
    @Nullable String address,
    @Nullable String namespace,
    @Nullable String ui,
    List<Entry> processes,
    List<String> heldBack,
    SortedMap<String, String> endpoints) {

  /**
   * @param state as the supervisor last saw it, or {@code dead} where that cannot be true
   * @param port 0 for none
   */
  public record Entry(String name, long pid, String state, int port, int restarts, String log) {}
}
