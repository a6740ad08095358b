package io.fettle.cli.local;

import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Small JSON files that several processes read and that are replaced whole. */
public final class JsonFile {
  private static final Logger LOG = LoggerFactory.getLogger(JsonFile.class);

  private JsonFile() {}

  /** What the file holds; empty if there is none or it is not JSON of this type. */
  static <T> Optional<T> read(Path file, Class<T> type) {
    try {
      return Optional.ofNullable(Wire.mapper().readValue(Files.readAllBytes(file), type));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      LOG.warn("ignoring {}: {}", file, e.toString());
      return Optional.empty();
    }
  }

  /** Replaces the file whole; one thread of a process at a time may write it. */
  public static void write(Path file, Object value) throws IOException {
    Files.createDirectories(file.getParent());
    var name = ".%s.%d.tmp".formatted(file.getFileName(), ProcessHandle.current().pid());
    var draft = file.resolveSibling(name);
    Files.write(draft, Wire.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(value));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
