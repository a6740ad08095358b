package io.fettle.data.dvc;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.UUID;

/**
 * Writes a folder for DVC: its files as objects, and the pointer that {@code dvc pull} and {@code
 * dvc checkout} make the folder from. What is written is what {@code dvc add} would have written,
 * byte for byte.
 */
public final class DvcExport {
  private static final int BUFFER = 1 << 16;

  /** Words that YAML would take for something else than a text. */
  private static final Set<String> WORDS =
      Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

  private final Path objects;

  private DvcExport(Path objects) {
    this.objects = objects;
  }

  /**
   * Writes pointer and objects; repeating it changes nothing.
   *
   * @param folder what is exported, such as a dataset's
   * @param pointer a file {@code NAME.dvc} to commit; {@code dvc pull} makes {@code NAME} beside it
   * @param cache the root of a DVC cache ({@code .dvc/cache}) or of a remote that is a folder
   */
  public static void write(Path folder, Path pointer, Path cache) throws IOException {
    if (!DvcPointer.isOne(pointer)) {
      throw new IllegalArgumentException(pointer + " does not end in .dvc");
    }
    var export = new DvcExport(Files.createDirectories(cache.resolve("files").resolve("md5")));
    DvcFolder listed = DvcFolder.of(folder, export::put);
    export.put(listed.json());
    String file = String.valueOf(pointer.getFileName());
    String text =
        "outs:\n- md5: %s\n  size: %d\n  nfiles: %d\n  hash: md5\n  path: %s\n"
            .formatted(
                listed.md5(),
                listed.bytes(),
                listed.entries().size(),
                yaml(file.substring(0, file.length() - ".dvc".length())));
    Files.writeString(pointer, text);
  }

  private String put(Path file) throws IOException {
    Path draft = draft();
    try {
      String md5;
      try (var out = new BufferedOutputStream(Files.newOutputStream(draft), BUFFER)) {
        md5 = Md5.copied(file, out);
      }
      publish(draft, md5);
      return md5;
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  private void put(byte[] list) throws IOException {
    Path draft = draft();
    Files.write(draft, list);
    publish(draft, Md5.of(list) + DvcFolder.SUFFIX);
  }

  private Path draft() {
    return objects.resolve("draft-" + UUID.randomUUID());
  }

  /** A reader sees an object whole or not at all. */
  private void publish(Path draft, String md5) throws IOException {
    Path folder = Files.createDirectories(objects.resolve(md5.substring(0, 2)));
    Files.move(
        draft,
        folder.resolve(md5.substring(2)),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static String yaml(String name) {
    boolean plain = name.matches("[A-Za-z_][A-Za-z0-9_.-]*") && !WORDS.contains(name);
    return plain ? name : DvcFolder.quoted(name);
  }
}
