package io.fettle.benchmarks.failures;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** Which process of this machine holds a TCP connection, by Linux's {@code /proc}. */
final class SocketOwner {
  private static final Path PROC = Path.of("/proc");
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int INODE = 9;

  private SocketOwner() {}

  /**
   * @return 0 where nobody holds it
   */
  static long of(int localPort, int remotePort) throws IOException {
    var inode = inode(localPort, remotePort);
    return inode.isEmpty() ? 0 : holder("socket:[" + inode.get() + "]");
  }

  private static Optional<String> inode(int localPort, int remotePort) throws IOException {
    for (var table : List.of("net/tcp", "net/tcp6")) {
      for (var line : Files.readAllLines(PROC.resolve(table))) {
        var cells = line.strip().split("\\s+");
        if (cells.length > INODE
            && ends(cells[LOCAL], localPort)
            && ends(cells[REMOTE], remotePort)) {
          return Optional.of(cells[INODE]);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean ends(String address, int port) {
    return address.endsWith(":" + HexFormat.of().withUpperCase().toHexDigits((short) port));
  }

  private static long holder(String socket) throws IOException {
    try (var processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
      for (var process : processes) {
        if (holds(process.resolve("fd"), socket)) {
          return Long.parseLong(process.getFileName().toString());
        }
      }
    }
    return 0;
  }

  private static boolean holds(Path descriptors, String socket) {
    try (var files = Files.list(descriptors)) {
      return files.anyMatch(file -> target(file).equals(socket));
    } catch (IOException gone) {
      return false;
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException closed) {
      return "";
    }
  }
}
