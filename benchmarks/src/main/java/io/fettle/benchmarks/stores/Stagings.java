package io.fettle.benchmarks.stores;

import io.fettle.benchmarks.servers.ObjectServer;
import io.fettle.benchmarks.stores.StagingChild.Told;
import io.fettle.cli.local.JavaCommand;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/** Starts hosts that stage, each a process with an agent's own flags. */
final class Stagings {
  private final ObjectServer server;

  Stagings(ObjectServer server) {
    this.server = server;
  }

  /**
   * One to stage.
   *
   * @param through the server's address, or a link's to it
   * @param bytesPerSecond 0: no limit
   */
  record Job(URI through, long bytesPerSecond, Reference tree, Path cache, Path target) {}

  Process start(Job job) throws IOException {
    var arguments =
        List.of(
            server.bucket().toString(),
            job.through().toString(),
            String.valueOf(job.bytesPerSecond()),
            job.tree().uri().toString(),
            job.tree().sha256(),
            job.cache().toString(),
            job.target().toString());
    var builder =
        new ProcessBuilder(JavaCommand.ofAgent(StagingChild.class.getName(), arguments))
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(server.environment());
    return builder.start();
  }

  Told run(Job job) throws IOException, InterruptedException {
    var process = start(job);
    String told;
    try (var out = process.inputReader()) {
      told = out.readLine();
    }
    if (process.waitFor() != 0 || told == null) {
      throw new IOException("staging %s ended with %d".formatted(job.tree(), process.exitValue()));
    }
    return Wire.mapper().readValue(told, Told.class);
  }
}
