package io.fettle.benchmarks;

import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A home of a benchmark's own, with the environments of this one. It ends with the benchmark, also
 * with one that is interrupted.
 */
public final class OwnHome implements AutoCloseable {
  private final Path folder;
  private final LocalCluster cluster;
  private final Thread atExit = new Thread(this::down);

  /**
   * @param folder made if it is not there
   * @param settings environment variables of all its processes
   */
  public OwnHome(Path folder, Map<String, String> settings)
      throws IOException, InterruptedException {
    this.folder = Files.createDirectories(folder);
    var current = LocalCluster.current(Progress.silent());
    Files.createSymbolicLink(folder.resolve("envs"), current.home().environments());
    cluster = current.isolated(folder, settings);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Not up until it is asked to be. */
  public LocalCluster cluster() {
    return cluster;
  }

  @Override
  public void close() throws IOException {
    down();
    Runtime.getRuntime().removeShutdownHook(atExit);
    cluster.delete(List.of(folder));
  }

  private void down() {
    try {
      cluster.down();
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
    }
  }
}
