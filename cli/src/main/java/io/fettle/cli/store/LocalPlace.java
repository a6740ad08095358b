package io.fettle.cli.store;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import io.fettle.activities.store.ObjectStore.Copied;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/** A file or a folder of this machine. */
record LocalPlace(Path path, String address) implements Place {
  LocalPlace {
    path = path.toAbsolutePath().normalize();
  }

  @Override
  public boolean isFolder() {
    return address.endsWith("/") || Files.isDirectory(path);
  }

  @Override
  public List<Item> items() throws IOException {
    return files(file -> !isHidden(path.relativize(file))).stream().map(this::item).toList();
  }

  @Override
  public int hidden() throws IOException {
    return files(file -> isHidden(path.relativize(file))).size();
  }

  private List<Path> files(Predicate<Path> which) throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    try (var all = Files.walk(path, FileVisitOption.FOLLOW_LINKS)) {
      return all.filter(Files::isRegularFile).filter(which).sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /** Drafts of ours and of others. */
  private static boolean isHidden(Path relative) {
    for (var segment : relative) {
      if (segment.toString().startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  private Item item(Path file) {
    try {
      return new Item(
          path.relativize(file).toString(),
          Files.size(file),
          Files.getLastModifiedTime(file).toInstant());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path of(String name) {
    return name.isEmpty() ? path : path.resolve(name);
  }

  @Override
  public Optional<Path> file(String name) {
    return Optional.of(of(name));
  }

  @Override
  public Copied fetch(String name, Path target, LongConsumer arrived) throws IOException {
    if (!Files.isRegularFile(of(name))) {
      return Copied.NOTHING_THERE;
    }
    var draft = target.resolveSibling("." + target.getFileName() + "-" + UUID.randomUUID());
    Files.createDirectories(target.toAbsolutePath().resolveSibling("."));
    try {
      Files.copy(of(name), draft);
      Files.move(draft, target, ATOMIC_MOVE, REPLACE_EXISTING);
      arrived.accept(Files.size(target));
      return Copied.UNVERIFIED;
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  @Override
  public Copied check(String name, String sha256) throws IOException {
    return Stores.check(of(name), new Reference(of(name).toUri(), sha256));
  }

  @Override
  public void put(String name, Path file, LongConsumer sent) throws IOException {
    new LocalPlace(file, file.toString()).fetch("", of(name), sent);
  }

  @Override
  public boolean takes(String name) {
    return of(name).startsWith(path);
  }

  @Override
  public void close() {}
}
