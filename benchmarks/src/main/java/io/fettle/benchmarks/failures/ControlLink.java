package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.servers.Relay;
import io.fettle.benchmarks.servers.Relay.Connection;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The only way from agents to the server: a TCP proxy on the loopback that loses every byte of a
 * process whose link is cut, in both directions and without a reset, as a network does that drops
 * packets. What was under way goes on once the link is mended.
 */
final class ControlLink implements AutoCloseable {
  private final Relay relay;
  private final Set<Long> cut = new HashSet<>(); // guarded by this
  private volatile @Nullable InetSocketAddress server;

  ControlLink() throws IOException {
    relay = new Relay("control-link", this::begin);
  }

  String address() {
    return "127.0.0.1:" + relay.port();
  }

  /**
   * @param address of the server, {@code host:port}
   */
  void to(String address) {
    int colon = address.lastIndexOf(':');
    server =
        new InetSocketAddress(
            address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }

  synchronized void cut(long pid) {
    cut.add(pid);
  }

  synchronized void mend(long pid) {
    cut.remove(pid);
    notifyAll();
  }

  private Optional<Connection> begin(Socket client) throws IOException, InterruptedException {
    long pid = SocketOwner.of(client.getPort(), client.getLocalPort());
    awaitMended(pid);
    return Optional.ofNullable(server)
        .map(
            address ->
                new Connection(
                    address,
                    (bytes, length, way) -> {
                      awaitMended(pid);
                      way.send(bytes, length);
                    }));
  }

  private synchronized void awaitMended(long pid) throws InterruptedException {
    while (cut.contains(pid)) {
      wait();
    }
  }

  @Override
  public void close() throws IOException {
    relay.close();
  }
}
