package io.fettle.benchmarks.servers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A way to a server on which connections break: some are answered that the server is busy, some are
 * reset after some bytes in either direction, be it before a request has arrived or while its
 * answer is on its way, and some fall silent.
 */
public final class FaultyLink implements AutoCloseable {
  private static final String BUSY_BODY =
      "<Error><Code>SlowDown</Code><Message>Reduce your request rate.</Message></Error>";
  private static final String BUSY =
      """
      HTTP/1.1 503 Slow Down\r
      Content-Type: application/xml\r
      Content-Length: %d\r
      Connection: close\r
      \r
      %s"""
          .formatted(BUSY_BODY.length(), BUSY_BODY);

  /** Behind the heads of the first calls: what is meant is bodies. */
  private static final int HEADS = 10_000;

  private final ServerSocket listener;
  private final InetSocketAddress server;
  private final Faults faults;
  private final Random random; // guarded by this
  private final AtomicInteger broken = new AtomicInteger();

  /**
   * How often what happens to a connection, each from 0 to 1; the rest is sound.
   *
   * @param busy the server says so
   * @param reset after up to {@code longest} bytes, each order of magnitude alike
   * @param silent no byte passes after as many
   * @param flipped one bit of the byte after as many is another one
   */
  public record Faults(double busy, double reset, double silent, double flipped, long longest) {
    /** What a bad network does in an hour, in a minute; a flipped bit is no network's. */
    public static final Faults BREAKING = new Faults(0.1, 0.4, 0, 0, 30_000_000);
  }

  private enum Kind {
    SOUND,
    BUSY,
    RESET,
    SILENT,
    FLIPPED
  }

  private record Fate(Kind kind, boolean upwards, long after) {}

  /**
   * @param seed the same seed draws the same fates, in the order in which connections come
   */
  public FaultyLink(URI server, Faults faults, long seed) throws IOException {
    this.server = new InetSocketAddress(server.getHost(), server.getPort());
    this.faults = faults;
    this.random = new Random(seed);
    listener = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("faulty-link").start(this::accept);
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** Connections that did not end well so far. */
  public int broken() {
    return broken.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var client = listener.accept();
        Thread.ofVirtual().start(() -> serve(client, draw()));
      } catch (IOException closing) {
        return;
      }
    }
  }

  private synchronized Fate draw() {
    double at = random.nextDouble();
    var kind = kind(at);
    double share = random.nextDouble();
    long after =
        kind == Kind.FLIPPED
            ? HEADS + Math.round(share * (double) faults.longest)
            : Math.round(Math.exp(share * Math.log((double) faults.longest)));
    return new Fate(kind, random.nextBoolean(), after);
  }

  private Kind kind(double at) {
    double end = faults.busy;
    if (at < end) {
      return Kind.BUSY;
    }
    end += faults.reset;
    if (at < end) {
      return Kind.RESET;
    }
    end += faults.silent;
    if (at < end) {
      return Kind.SILENT;
    }
    return at < end + faults.flipped ? Kind.FLIPPED : Kind.SOUND;
  }

  private void serve(Socket client, Fate fate) {
    try (client;
        var upstream = new Socket()) {
      if (fate.kind() == Kind.BUSY) {
        refuse(client);
        return;
      }
      upstream.connect(server);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      var back = Thread.ofVirtual().start(() -> pump(upstream, client, fate, false));
      pump(client, upstream, fate, true);
      back.join();
    } catch (IOException | InterruptedException e) {
      // either side has gone, and the other learns it by the close
    }
  }

  /** Reads one request's head, and hangs up on its body. */
  private void refuse(Socket client) throws IOException {
    broken.incrementAndGet();
    var head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = client.getInputStream().read();
      if (next < 0) {
        return;
      }
      head.write(next);
    }
    client.getOutputStream().write(BUSY.getBytes(StandardCharsets.ISO_8859_1));
    client.shutdownOutput();
  }

  private void pump(Socket from, Socket to, Fate fate, boolean upwards) {
    long left =
        fate.kind() == Kind.SOUND || fate.upwards() != upwards ? Long.MAX_VALUE : fate.after();
    try (from;
        to) {
      var in = from.getInputStream();
      var buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (n > left && !isPassed(fate.kind(), from, to, buffer, (int) left)) {
          return;
        }
        left = n > left ? Long.MAX_VALUE : left - n;
        to.getOutputStream().write(buffer, 0, n);
      }
    } catch (IOException | InterruptedException e) {
      // as above
    }
  }

  /** At the byte where it breaks: false where the connection ends there. */
  private boolean isPassed(Kind kind, Socket from, Socket to, byte[] buffer, int left)
      throws IOException, InterruptedException {
    broken.incrementAndGet();
    if (kind == Kind.FLIPPED) {
      buffer[left] ^= 1;
      return true;
    }
    to.getOutputStream().write(buffer, 0, left);
    end(kind, from, to);
    return false;
  }

  private static void end(Kind kind, Socket from, Socket to)
      throws IOException, InterruptedException {
    if (kind == Kind.SILENT) {
      while (!from.isClosed() && !to.isClosed()) {
        Thread.sleep(1_000);
      }
    }
    from.setSoLinger(true, 0); // a reset, and no orderly end
    to.setSoLinger(true, 0);
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
