package io.fettle.cli.data;

import io.fettle.activities.data.RowList;
import io.fettle.activities.disks.Folders;
import io.fettle.activities.remote.RemoteFile;
import io.fettle.activities.remote.RemoteFolder;
import io.fettle.activities.store.Stores.Access;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.data.dvc.DvcPointer.UnusablePointer;
import io.fettle.data.prepare.NamedFiles;
import io.fettle.data.prepare.NamedFiles.NamedFile;
import io.fettle.data.prepare.RefusedRows;
import io.fettle.data.read.RowFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The files of rows that a command was pointed at: files and folders, here and in buckets, and
 * files that point to some. What lies in buckets is here until this is closed.
 */
public final class NamedRows implements AutoCloseable {
  private final RowList list;
  private final RowList.Here here;
  private final Path scratch;
  private final NamedFiles named = new NamedFiles();
  private final List<NamedFile> files;
  private final List<NamedFile> test;

  private NamedRows(RowList list, RowList.Here here, Path scratch) throws IOException {
    this.list = list;
    this.here = here;
    this.scratch = scratch;
    this.files = named(list.pool());
    this.test = named(list.test());
  }

  /**
   * Looks into folders, and fetches what lies in buckets.
   *
   * @param named paths, {@code file:///path}, or addresses in buckets, a folder's with a slash at
   *     its end
   * @param access asked for where buckets are to be reached
   * @throws CommandFailure with a sentence
   */
  public static NamedRows of(List<String> named, Optional<String> test, Supplier<Access> access) {
    List<String> pool = named.stream().map(NamedRows::place).toList();
    Optional<String> tests = test.map(NamedRows::place);
    boolean hasRemote = Stream.concat(pool.stream(), tests.stream()).anyMatch(RemoteFile::isRemote);
    Access how = hasRemote ? access.get() : Access.USUAL;
    try {
      Path scratch = Files.createTempDirectory("fettle-rows-");
      try {
        RowList list = RowList.of(pool, tests, how);
        refuseMissing(list);
        return new NamedRows(list, list.fetched(List.of(), how, scratch), scratch);
      } catch (IOException | RuntimeException e) {
        Folders.delete(scratch);
        throw e;
      }
    } catch (NoSuchFileException e) {
      throw missing(String.valueOf(e.getFile()));
    } catch (RowFolder.Refused | RefusedRows | UnusablePointer e) {
      throw new CommandFailure(ExitCode.INVALID, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      var code = hasRemote ? ExitCode.UNREACHABLE : ExitCode.INVALID;
      throw new CommandFailure(code, String.valueOf(e.getMessage()), e);
    }
  }

  private static String place(String said) {
    try {
      if (!RemoteFile.isRemote(said)) {
        return RemoteFile.local(said).toString();
      }
      if (said.endsWith("/")) {
        return RemoteFolder.of(said, _ -> true).root().toString();
      }
      RemoteFile.of(said);
      return said;
    } catch (InvalidPathException | IOException e) {
      throw new CommandFailure(ExitCode.INVALID, "%s: %s".formatted(said, e.getMessage()), e);
    }
  }

  private static void refuseMissing(RowList list) {
    Stream.concat(list.pool().stream(), list.test().stream())
        .map(RowList.Item::place)
        .filter(place -> !RemoteFile.isRemote(place) && !Files.isRegularFile(Path.of(place)))
        .findFirst()
        .ifPresent(
            place -> {
              throw missing(place);
            });
  }

  private static CommandFailure missing(String place) {
    String hint = RemoteFile.isRemote(place) ? "; a folder's address ends with a slash" : "";
    return new CommandFailure(ExitCode.INVALID, "there is no file " + place + hint);
  }

  private List<NamedFile> named(List<RowList.Item> items) throws IOException {
    List<NamedFile> files = new ArrayList<>();
    for (RowList.Item item : items) {
      files.addAll(named.of(here.path(item.place()), item.name()));
    }
    return List.copyOf(files);
  }

  /** Those to read, in order. */
  public List<NamedFile> files() {
    return files;
  }

  /** Those of the user's own test rows. */
  public List<NamedFile> test() {
    return test;
  }

  /**
   * One more file of this machine, called as no other one is.
   *
   * @throws CommandFailure where there is none
   */
  public NamedFile one(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw missing(file.toString());
    }
    return named.one(file, String.valueOf(file.getFileName()));
  }

  /** As {@link NamedFiles#parent}. */
  public String parent() {
    return named.parent();
  }

  /** The folders among what was named. */
  public List<RowList.Folder> folders() {
    return list.folders();
  }

  /** A line for each of the folders. */
  public List<String> lines() {
    return folders().stream()
        .map(
            folder ->
                "%s: %,d files of rows%s"
                    .formatted(
                        folder.place(),
                        folder.files(),
                        folder.leftOut().isEmpty() ? "" : ", " + folder.leftOut()))
        .toList();
  }

  /** Where what was fetched lies; who deletes it need not close this. */
  public Path scratch() {
    return scratch;
  }

  @Override
  public void close() throws IOException {
    here.close();
    Folders.delete(scratch);
  }
}
