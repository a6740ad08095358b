package io.fettle.benchmarks.servers;

import io.fettle.benchmarks.servers.Relay.Connection;
import io.fettle.benchmarks.servers.Relay.Passing;
import io.fettle.benchmarks.servers.Relay.Way;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
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

  private final Relay relay;
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
    this.server = Relay.at(server);
    this.faults = faults;
    this.random = new Random(seed);
    relay = new Relay("faulty-link", this::begin);
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + relay.port());
  }

  /** Connections that did not end well so far. */
  public int broken() {
    return broken.get();
  }

  private Optional<Connection> begin(Socket client) throws IOException {
    var fate = draw();
    if (fate.kind() == Kind.BUSY) {
      refuse(client);
      return Optional.empty();
    }
    return Optional.of(new Connection(server, new Fated(fate)));
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

  /** A connection with its fate, which lies in one of its directions. */
  private final class Fated implements Passing {
    private final Fate fate;
    private long left; // of that direction's one thread

    Fated(Fate fate) {
      this.fate = fate;
      this.left = fate.kind() == Kind.SOUND ? Long.MAX_VALUE : fate.after();
    }

    @Override
    public void pass(byte[] bytes, int length, Way way) throws IOException, InterruptedException {
      if (way.isUpwards() == fate.upwards()) {
        if (length > left) {
          meet(bytes, way);
          left = Long.MAX_VALUE;
        } else {
          left -= length;
        }
      }
      way.send(bytes, length);
    }

    /** At the byte where it breaks. */
    private void meet(byte[] bytes, Way way) throws IOException, InterruptedException {
      broken.incrementAndGet();
      if (fate.kind() == Kind.FLIPPED) {
        bytes[(int) left] ^= 1;
        return;
      }
      way.send(bytes, (int) left);
      end(fate.kind(), way.from(), way.to());
      throw new IOException("it broke, as it had to");
    }
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
    relay.close();
  }
}
