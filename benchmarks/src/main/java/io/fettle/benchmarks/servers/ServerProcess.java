package io.fettle.benchmarks.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server's process: listens on the loopback, and ends with this one. */
public final class ServerProcess implements ObjectServer {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration STOP = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final String name;
  private final URI bucket;
  private final int port;
  private final Command command;
  private final Path log;
  private final Thread atExit = new Thread(this::kill);
  private Process process;

  /** How it is started, for a port. */
  record Command(List<String> words, Map<String, String> environment) {}

  private ServerProcess(
      String name, URI bucket, int port, Command command, Path log, Process process) {
    this.name = name;
    this.bucket = bucket;
    this.port = port;
    this.command = command;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts it and waits until it listens.
   *
   * @param log gets all that it prints
   */
  static ServerProcess start(String name, URI bucket, int port, Command command, Path log)
      throws IOException, InterruptedException {
    var server = new ServerProcess(name, bucket, port, command, log, started(command, log));
    Runtime.getRuntime().addShutdownHook(server.atExit);
    try {
      server.awaitPort();
      return server;
    } catch (IOException | InterruptedException e) {
      server.close();
      throw e;
    }
  }

  private static Process started(Command command, Path log) throws IOException {
    var builder =
        new ProcessBuilder(command.words())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(command.environment());
    return builder.start();
  }

  public static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitPort() throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    while (!listens()) {
      if (!process.isAlive() || System.nanoTime() > end) {
        throw new IOException("%s does not start: %s".formatted(name, Files.readString(log)));
      }
      Thread.sleep(LOOK);
    }
  }

  private boolean listens() {
    try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return true;
    } catch (IOException notYet) {
      return false;
    }
  }

  /** {@code kill -9}, and up again on the same port with the same objects. */
  public void dieAndComeBack(Duration away) throws IOException, InterruptedException {
    kill();
    Thread.sleep(away);
    process = started(command, log);
    awaitPort();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public URI bucket() {
    return bucket;
  }

  @Override
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + port);
  }

  private void kill() {
    process.destroyForcibly();
    try {
      process.waitFor(STOP.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    kill();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException exiting) {
      // the hook has run, or runs
    }
  }
}
