package io.fettle.benchmarks.stores;

import io.fettle.benchmarks.servers.GoProgram;
import io.fettle.benchmarks.servers.ObjectServer;
import io.fettle.cli.local.Home;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another program that copies a prefix of a bucket into a folder; it verifies less. */
enum Peer {
  /** As it comes: 256 workers, 5 parts a file. */
  S5CMD {
    @Override
    GoProgram program() {
      return GoProgram.S5CMD;
    }

    @Override
    List<String> words(ObjectServer server, String prefix, Path target) {
      return List.of(
          "--log",
          "error",
          "--endpoint-url",
          server.endpoint().toString(),
          "cp",
          "%s/%s/*".formatted(server.bucket(), prefix),
          target + "/");
    }
  },

  /** With as many streams as it is usually given, since it comes with four. */
  RCLONE {
    @Override
    GoProgram program() {
      return GoProgram.RCLONE;
    }

    @Override
    List<String> words(ObjectServer server, String prefix, Path target) {
      return List.of(
          "copy",
          "--config=/dev/null",
          "--s3-provider=Other",
          "--s3-env-auth=true",
          "--s3-endpoint=" + server.endpoint(),
          "--transfers=32",
          "--checkers=32",
          "--multi-thread-streams=8",
          "--multi-thread-cutoff=64M",
          ":s3:%s/%s".formatted(server.bucket().getHost(), prefix),
          target.toString());
    }
  };

  private static final double NANOS = 1e9;

  abstract GoProgram program();

  abstract List<String> words(ObjectServer server, String prefix, Path target);

  /** Builds it, which is no part of the time. */
  void prepare(Home home) throws IOException, InterruptedException {
    program().built(home);
  }

  /** Seconds, with its start of some hundredths. */
  double run(Home home, ObjectServer server, String prefix, Path target)
      throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(program().built(home).toString());
    command.addAll(words(server, prefix, target));
    var builder = new ProcessBuilder(command).inheritIO();
    builder.environment().putAll(server.environment());
    long start = System.nanoTime();
    int code = builder.start().waitFor();
    if (code != 0) {
      throw new IOException("%s ended with %d".formatted(program().name(), code));
    }
    return (System.nanoTime() - start) / NANOS;
  }
}
