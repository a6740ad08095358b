package io.fettle.activities.data;

import io.fettle.activities.remote.RemoteFile;
import io.fettle.activities.remote.RemoteFolder;
import io.fettle.activities.store.ObjectStore.NoAccess;
import io.fettle.activities.store.Stores.Access;
import io.fettle.data.read.RowFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files that a user's files and folders stand for, in order. Made once: what comes into a
 * folder later is in no list.
 *
 * @param pool those that are split
 * @param test the user's own test rows
 * @param folders that were looked into
 */
public record RowList(List<Item> pool, List<Item> test, List<Folder> folders) {
  public RowList {
    pool = List.copyOf(pool);
    test = List.copyOf(test);
    folders = List.copyOf(folders);
  }

  /**
   * One file.
   *
   * @param place a path of this machine, or an address in a bucket
   * @param name what it is called: its name, or its path within the folder, with slashes; others
   *     may have the same
   */
  public record Item(String place, String name) {}

  /**
   * A folder that stands for the files in it.
   *
   * @param files of rows that it holds
   * @param leftOut what else it holds, in words; empty where there is nothing
   */
  public record Folder(String place, int files, String leftOut) {}

  /** Files on this machine; those from buckets until this is closed. */
  public interface Here extends AutoCloseable {
    /** Where a file is that lies at that place. */
    Path path(String place);

    @Override
    void close() throws IOException;
  }

  /**
   * Looks into folders; whether a file is there shows when it is read.
   *
   * @param test a file or a folder, or empty
   * @throws RowFolder.Refused where a folder cannot stand for its files, a file is named twice, or
   *     they are too many
   */
  public static RowList of(List<String> pool, Optional<String> test, Access access)
      throws IOException {
    var listing = new Listing(access);
    List<Item> items = listing.items(pool);
    return new RowList(items, listing.items(test.stream().toList()), listing.folders);
  }

  /**
   * Fetches those that lie in buckets.
   *
   * @param others what to fetch besides
   * @param work a folder for them
   * @throws java.nio.file.NoSuchFileException with the address, if nothing is there
   * @throws RowFolder.Refused if one may not be read
   */
  public Here fetched(List<String> others, Access access, Path work) throws IOException {
    Stream<String> listed = Stream.concat(pool.stream(), test.stream()).map(Item::place);
    return RowFiles.fetched(Stream.concat(listed, others.stream()).toList(), access, work);
  }

  /** Whether it is a folder, in a bucket by the slash at its end. */
  static boolean isFolder(String place) {
    return RemoteFile.isRemote(place) ? place.endsWith("/") : Files.isDirectory(Path.of(place));
  }

  private static final class Listing {
    private final Access access;
    private final List<Folder> folders = new ArrayList<>();
    private final Set<String> places = new HashSet<>();

    Listing(Access access) {
      this.access = access;
    }

    List<Item> items(List<String> named) throws IOException {
      List<Item> items = new ArrayList<>();
      for (String each : named) {
        if (isFolder(each)) {
          addAll(each, items);
        } else {
          items.add(item(each, each.substring(each.lastIndexOf('/') + 1)));
        }
      }
      if (items.size() > RowFolder.MOST) {
        throw new RowFolder.Refused(
            "%,d files of rows are named, those in folders among them; at most %,d are read: put the rows into fewer, larger files"
                .formatted(items.size(), RowFolder.MOST));
      }
      return items;
    }

    private void addAll(String folder, List<Item> items) throws IOException {
      RowFolder found =
          RemoteFile.isRemote(folder) ? remote(folder) : RowFolder.of(Path.of(folder));
      folders.add(new Folder(folder, found.names().size(), found.leftOut()));
      String start = folder.endsWith("/") ? folder : folder + "/";
      for (String name : found.names()) {
        items.add(item(start + name, name));
      }
    }

    private RowFolder remote(String folder) throws IOException {
      try {
        var contents = RemoteFolder.of(folder, _ -> true).contents(access);
        return RowFolder.of(folder, contents.bytes(), contents.unreadable());
      } catch (NoAccess e) {
        throw new RowFolder.Refused(
            "the folder %s cannot be listed: %s".formatted(folder, e.getMessage()));
      }
    }

    private Item item(String place, String name) throws RowFolder.Refused {
      if (!places.add(place)) {
        throw new RowFolder.Refused(
            "%s is named twice, by itself or by a folder that holds it; keep one, and keep test rows out of the folders of the others"
                .formatted(place));
      }
      return new Item(place, name);
    }
  }
}
