package io.fettle.data.read;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Looks for files of rows below a folder of this machine, which others may write to meanwhile. */
final class FolderWalk extends SimpleFileVisitor<Path> {
  private final Path folder;
  private final Path root;
  private final RowFolder.Draft draft;

  private FolderWalk(Path folder) throws IOException {
    this.folder = folder;
    root = folder.toRealPath();
    draft = new RowFolder.Draft(folder.toString());
  }

  static RowFolder of(Path folder) throws IOException {
    var walk = new FolderWalk(folder);
    Files.walkFileTree(walk.root, walk);
    return walk.draft.finished();
  }

  @Override
  public FileVisitResult preVisitDirectory(Path found, BasicFileAttributes attributes) {
    String name = name(found);
    if (!RowFolder.isHidden(name)) {
      return FileVisitResult.CONTINUE;
    }
    draft.leaveOut(name + "/");
    return FileVisitResult.SKIP_SUBTREE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    String name = name(file);
    if (attributes.isSymbolicLink()) {
      link(file, name);
    } else if (attributes.isRegularFile()) {
      draft.add(name, attributes.size());
    } else {
      draft.leaveOut(name);
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
    String name = name(file);
    if (e instanceof NoSuchFileException && !name.isEmpty()) { // gone since its folder was read
      return FileVisitResult.CONTINUE;
    }
    if (RowFolder.isHidden(name)) {
      draft.leaveOut(name);
      return FileVisitResult.CONTINUE;
    }
    throw new RowFolder.Refused(
        "%s cannot be read (%s); change its permissions, or name the files instead of the folder"
            .formatted(folder.resolve(name), e.getClass().getSimpleName()));
  }

  /** What a link names outside of the folder may be anybody's. */
  private void link(Path link, String name) throws IOException {
    boolean isFolder = Files.isDirectory(link);
    if (RowFolder.isHidden(name) || !(isFolder || RowFolder.isRows(name))) {
      draft.leaveOut(name);
      return;
    }
    Path target = target(link, name);
    if (!target.startsWith(root)) {
      throw new RowFolder.Refused(
          "%s is a link that leaves the folder, to %s; copy what it names into the folder, or name the files, or a .dvc file, instead of the folder"
              .formatted(folder.resolve(name), target));
    }
    String real = name(target);
    if (isFolder || RowFolder.isRows(real)) {
      draft.leaveOut("%s (a link to %s)".formatted(name, real.isEmpty() ? "." : real));
    } else {
      draft.add(name, Files.size(target));
    }
  }

  private Path target(Path link, String name) throws IOException {
    try {
      return link.toRealPath();
    } catch (FileSystemException e) {
      throw new RowFolder.Refused(
          "%s is a link that leads nowhere (%s); remove it, or put back what it names"
              .formatted(folder.resolve(name), e.getClass().getSimpleName()));
    }
  }

  private String name(Path found) {
    return root.relativize(found).toString();
  }
}
