package io.fettle.activities.capacity;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** A file that is replaced whole and is on disk before the call returns. */
final class AtomicFile {
  private AtomicFile() {}

  static void write(Path file, byte[] body) throws IOException {
    Files.createDirectories(file.getParent());
    var draft = Files.createTempFile(file.getParent(), ".", ".draft");
    try (var channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(body));
      channel.force(true);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
