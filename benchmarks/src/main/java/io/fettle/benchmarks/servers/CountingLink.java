package io.fettle.benchmarks.servers;

import io.fettle.benchmarks.servers.Relay.Connection;
import io.fettle.benchmarks.servers.Relay.Way;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A way to a server that notes which ranges are asked for. */
public final class CountingLink implements AutoCloseable {
  private static final Pattern RANGE =
      Pattern.compile("\\r\\nrange: *bytes=(\\d+)-", Pattern.CASE_INSENSITIVE);

  private final Relay relay;
  private final List<Long> asked = new ArrayList<>(); // guarded by this

  public CountingLink(URI server) throws IOException {
    var connection = new Connection(Relay.at(server), this::pass);
    relay = new Relay("counting-link", _ -> Optional.of(connection));
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + relay.port());
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

  /** A request without a body comes in one piece. */
  private void pass(byte[] bytes, int length, Way way) throws IOException {
    if (way.isUpwards()) {
      RANGE
          .matcher(new String(bytes, 0, length, StandardCharsets.ISO_8859_1))
          .results()
          .forEach(found -> note(Long.parseLong(found.group(1))));
    }
    way.send(bytes, length);
  }

  @Override
  public void close() throws IOException {
    relay.close();
  }
}
