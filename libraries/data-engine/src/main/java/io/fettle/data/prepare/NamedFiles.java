package io.fettle.data.prepare;

import io.fettle.data.dvc.DvcPointer;
import io.fettle.data.read.RowFolder;
import io.fettle.data.version.DatasetManifest.Part;
import io.fettle.data.version.DatasetReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The files of rows behind what a user names, each called by its own name in reports and row ids:
 * of two with the same name the second is called {@code name#2}.
 */
public final class NamedFiles {
  private final Map<String, Integer> used = new HashMap<>();
  private final SortedSet<String> parents = new TreeSet<>();

  /** A file of rows. */
  public record NamedFile(Path path, String name) {}

  /** Whether a file is called as rows are. */
  public static boolean isRows(Path file) {
    return RowFolder.isRows(String.valueOf(file.getFileName()));
  }

  /**
   * A file, or those that a DVC pointer names.
   *
   * @param name what the user calls it, which may lie elsewhere than he keeps it
   * @throws DvcPointer.UnusablePointer where what it points to is missing, or another one than it
   *     says
   * @throws RefusedRows where it points to something else than files of rows
   */
  public List<NamedFile> of(Path path, String name) throws IOException {
    List<NamedFile> files = new ArrayList<>();
    if (DvcPointer.isOne(path)) {
      for (Path file : pointed(path)) {
        files.add(named(file, String.valueOf(file.getFileName())));
      }
    } else if (DvcPointer.isOne(Path.of(name))) {
      throw new RefusedRows(
          "%s lies in a bucket, and its data does not lie beside it; name a copy that `dvc pull` has been run for"
              .formatted(name));
    } else {
      files.add(named(path, name));
    }
    return files;
  }

  /** As {@link #of}, where one file alone is expected. */
  public NamedFile one(Path path, String name) throws IOException {
    List<NamedFile> files = of(path, name);
    if (files.size() > 1) {
      throw new RefusedRows(
          "%s points to %d files; a benchmark is one".formatted(name, files.size()));
    }
    return files.getFirst();
  }

  /**
   * The manifest's hash of the dataset that all of these files are shards of; empty where they are
   * of none, or of several.
   */
  public String parent() {
    return parents.size() == 1 ? parents.first() : "";
  }

  private NamedFile named(Path file, String name) throws IOException {
    parents.add(dataset(file).orElse(""));
    int times = used.merge(name, 1, Integer::sum);
    return new NamedFile(file, times == 1 ? name : name + "#" + times);
  }

  private static List<Path> pointed(Path pointer) throws IOException {
    var read = DvcPointer.read(pointer);
    for (DvcPointer.Out out : read.outs()) {
      if (out.isFolder() && DatasetReader.isDataset(out.path())) {
        throw new RefusedRows(
            "%s points to a prepared dataset, whose test rows must stay out of the others; name the files of its parts, which lie in %s"
                .formatted(pointer, out.path()));
      }
    }
    List<Path> rows = read.verified().stream().filter(NamedFiles::isRows).toList();
    if (rows.isEmpty()) {
      throw new RefusedRows(
          "%s points to no file of rows: no .jsonl, .json, .csv, .tsv or .parquet, packed or not"
              .formatted(pointer));
    }
    return rows;
  }

  /** The manifest's hash of the dataset in whose folder the file is listed. */
  private static Optional<String> dataset(Path file) throws IOException {
    Path whole = file.toAbsolutePath().normalize();
    for (Path folder = whole.getParent(); folder != null; folder = folder.getParent()) {
      if (DatasetReader.isDataset(folder)) {
        String place = folder.relativize(whole).toString();
        return lists(folder, place);
      }
    }
    return Optional.empty();
  }

  /** A file of that name need not be a manifest of ours, nor list what lies beside it. */
  private static Optional<String> lists(Path folder, String place) throws IOException {
    try {
      var dataset = DatasetReader.open(folder);
      boolean listed =
          dataset.manifest().parts().stream()
              .map(Part::shards)
              .flatMap(List::stream)
              .anyMatch(shard -> shard.file().equals(place));
      return listed ? Optional.of(dataset.manifestHash()) : Optional.empty();
    } catch (DatasetReader.DamagedDataset _) {
      return Optional.empty();
    }
  }
}
