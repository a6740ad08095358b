package io.fettle.workers.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a launched machine's own backstop which renewal was seen last, by a file. A process that
 * starts again writes what is there already, which renews nothing.
 */
record RenewalFile(Optional<Path> file) implements IntConsumer {
  private static final Logger LOG = LoggerFactory.getLogger(RenewalFile.class);

  @Override
  public void accept(int renewal) {
    try {
      if (file.isPresent()) {
        var whole = file.get().resolveSibling(file.get().getFileName() + ".new");
        Files.writeString(whole, renewal + "\n");
        Files.move(whole, file.get(), StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      LOG.error("{} cannot be written, so this machine will end: {}", file.get(), e.toString());
    }
  }
}
