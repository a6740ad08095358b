package io.fettle.benchmarks.failures;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The only way from agents to the server: a TCP proxy on the loopback that loses every byte of a
 * process whose link is cut, in both directions and without a reset, as a network does that drops
 * packets. What was under way goes on once the link is mended.
 */
final class ControlLink implements AutoCloseable {
  private final ServerSocket listener;
  private final Set<Long> cut = new HashSet<>(); // guarded by this
  private volatile @Nullable InetSocketAddress server;

  ControlLink() throws IOException {
    listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().name("control-link").start(this::accept);
  }

  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
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
      long pid = SocketOwner.of(client.getPort(), listener.getLocalPort());
      awaitMended(pid);
      var address = server;
      if (address == null) {
        return;
      }
      upstream.connect(address);
      client.setTcpNoDelay(true);
      upstream.setTcpNoDelay(true);
      var back = Thread.ofVirtual().start(() -> pump(pid, upstream, client));
      pump(pid, client, upstream);
      back.join();
    } catch (IOException | InterruptedException e) {
      // either side has gone, and the other learns it by the close
    }
  }

  /** Until one side ends; then both do. */
  private void pump(long pid, Socket from, Socket to) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      var buffer = new byte[1 << 16];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        awaitMended(pid);
        out.write(buffer, 0, n);
      }
    } catch (IOException | InterruptedException e) {
      // as above
    }
  }

  private synchronized void awaitMended(long pid) throws InterruptedException {
    while (cut.contains(pid)) {
      wait();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
