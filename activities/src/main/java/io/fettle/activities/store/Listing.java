package io.fettle.activities.store;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Lists a folder as a flat store would: by a prefix of the whole key, while others write and
 * delete.
 */
final class Listing extends SimpleFileVisitor<Path> {
  private final Path root;
  private final String prefix;
  private final List<StoredObject> found = new ArrayList<>();

  Listing(Path root, String prefix) {
    this.root = root;
    this.prefix = prefix;
  }

  List<StoredObject> under(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      Files.walkFileTree(folder, this);
    }
    found.sort(Comparator.comparing(StoredObject::key));
    return List.copyOf(found);
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    String key = keyOf(folder);
    boolean ours =
        key.isEmpty()
            || (!key.startsWith(".")
                && ((key + "/").startsWith(prefix) || prefix.startsWith(key + "/")));
    return ours ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    String key = keyOf(file);
    if (attributes.isRegularFile() && key.startsWith(prefix) && Keys.isAllowed(key)) {
      found.add(
          new StoredObject(key, attributes.size(), attributes.lastModifiedTime().toInstant()));
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    if (e instanceof NoSuchFileException) { // deleted since its folder was read
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }

  private String keyOf(Path path) {
    return root.relativize(path).toString();
  }
}
