package io.fettle.benchmarks.servers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A way to a server that notes which ranges are asked for. */
public final class CountingLink implements AutoCloseable {
  private static final Pattern RANGE =
      Pattern.compile("\\r\\nrange: *bytes=(\\d+)-", Pattern.CASE_INSENSITIVE);

  private final ServerSocket listener;
  private final InetSocketAddress server;
  private final List<Long> asked = new ArrayList<>(); // guarded by this

  public CountingLink(URI server) throws IOException {
    this.server = new InetSocketAddress(server.getHost(), server.getPort());
    listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("counting-link").start(this::accept);
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /**
   * The first bytes of all ranges since the last call, in the order in which they were asked for.
   */
  public synchronized List<Long> taken() {
    var taken = List.copyOf(asked);
    asked.clear();
    return taken;
  }

  private synchronized void note(long from) {
    asked.add(from);
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
      upstream.connect(server);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      var back = Thread.ofVirtual().start(() -> pump(upstream, client, false));
      pump(client, upstream, true);
      back.join();
    } catch (IOException | InterruptedException e) {
      // either side has gone, and the other learns it by the close
    }
  }

  /** A request without a body comes in one piece. */
  private void pump(Socket from, Socket to, boolean upwards) {
    try (from;
        to) {
      var buffer = new byte[1 << 16];
      for (int n = from.getInputStream().read(buffer);
          n >= 0;
          n = from.getInputStream().read(buffer)) {
        if (upwards) {
          RANGE
              .matcher(new String(buffer, 0, n, StandardCharsets.ISO_8859_1))
              .results()
              .forEach(found -> note(Long.parseLong(found.group(1))));
        }
        to.getOutputStream().write(buffer, 0, n);
      }
    } catch (IOException e) {
      // as above
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
