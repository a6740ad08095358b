package io.fettle.benchmarks.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Optional;

/**
 * A TCP proxy on the loopback: what passes through may be noted, held up, changed or cut off. Each
 * direction of each connection has a thread of its own.
 */
public final class Relay implements AutoCloseable {
  private static final int BACKLOG = 256;
  private static final int BUFFER = 1 << 16;

  private final ServerSocket listener;
  private final Connecting connecting;

  /** Decides on new connections. */
  public interface Connecting {
    /** Where to and how; empty: it was answered here, and ends. */
    Optional<Connection> begin(Socket client) throws IOException, InterruptedException;
  }

  /** One connection's. */
  public record Connection(InetSocketAddress server, Passing passing) {}

  /** What happens to bytes that have come; a failure ends the connection. */
  public interface Passing {
    void pass(byte[] bytes, int length, Way way) throws IOException, InterruptedException;
  }

  /**
   * One direction of a connection.
   *
   * @param isUpwards to the server
   */
  public record Way(Socket from, Socket to, boolean isUpwards) {
    public void send(byte[] bytes, int length) throws IOException {
      to.getOutputStream().write(bytes, 0, length);
    }
  }

  public Relay(String name, Connecting connecting) throws IOException {
    this.connecting = connecting;
    listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name(name).start(this::accept);
  }

  static InetSocketAddress at(URI server) {
    return new InetSocketAddress(server.getHost(), server.getPort());
  }

  /** It listens at 127.0.0.1. */
  public int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException closing) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        var upstream = new Socket()) {
      var connection = connecting.begin(client);
      if (connection.isEmpty()) {
        return;
      }
      var passing = connection.get().passing();
      upstream.connect(connection.get().server());
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      var back = Thread.ofVirtual().start(() -> pump(new Way(upstream, client, false), passing));
      pump(new Way(client, upstream, true), passing);
      back.join();
    } catch (IOException | InterruptedException e) {
      // either side has gone, and the other learns it by the close
    }
  }

  /** Until one side ends; then both do. */
  private static void pump(Way way, Passing passing) {
    try (var from = way.from();
        var _ = way.to()) {
      var in = from.getInputStream();
      var buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        passing.pass(buffer, n, way);
      }
    } catch (IOException | InterruptedException e) {
      // as above
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
