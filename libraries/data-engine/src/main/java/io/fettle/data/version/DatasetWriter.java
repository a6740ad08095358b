package io.fettle.data.version;

import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import io.fettle.data.version.DatasetManifest.Origin;
import io.fettle.data.version.DatasetManifest.Part;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Writes a dataset's folder: its rows and, last, {@code manifest.json}. A folder without a manifest
 * is no dataset, so one that was cut short is never taken for one. Holds one row at a time. Not for
 * use by several threads, but for parts: each may be written by its own.
 */
public final class DatasetWriter implements Closeable {
  private static final String SHARDS = "shards";

  /** What a writer that was killed may have left there. */
  private static final String OURS = "[0-9a-f]{64}\\.jsonl|[a-z][a-z0-9_]*\\.new";

  private final Path folder;
  private final Map<String, PartWriter> parts = new LinkedHashMap<>();
  private boolean finished;

  private DatasetWriter(
      Path folder, List<String> parts, Function<String, PartWriter.Place> places) {
    this.folder = folder;
    for (String part : parts) {
      this.parts.put(part, new PartWriter(folder, part, places.apply(part)));
    }
  }

  /**
   * Begins a dataset whose rows lie at {@code shards/SHA-256.jsonl}.
   *
   * @param folder made if it is missing; a manifest that lies there is removed first, and shards
   *     with it
   * @param parts their names, in the order in which they enter the dataset hash
   * @param shardBytes the most bytes of one file; a row that is larger has one of its own
   */
  public static DatasetWriter open(Path folder, List<String> parts, long shardBytes)
      throws IOException {
    begin(folder, shardBytes);
    clear(Files.createDirectories(folder.resolve(SHARDS)));
    return new DatasetWriter(folder, parts, part -> new ByHash(part, shardBytes));
  }

  /**
   * Begins a dataset whose rows lie at {@code NAME.jsonl}, a file a part. One part may be cut:
   * where it has more bytes, it lies at {@code NAME/00000.jsonl} and so on.
   *
   * @param folder made if it is missing; a manifest that lies there is removed first
   * @param parts their names, in the order in which they enter the dataset hash
   * @param cut the part that may lie in several files
   * @param shardBytes the most bytes of one of them
   */
  public static DatasetWriter openNamed(
      Path folder, List<String> parts, String cut, long shardBytes) throws IOException {
    begin(folder, shardBytes);
    return new DatasetWriter(
        folder, parts, part -> new ByName(part, part.equals(cut) ? shardBytes : Long.MAX_VALUE));
  }

  private static void begin(Path folder, long shardBytes) throws IOException {
    if (shardBytes < 1) {
      throw new IllegalArgumentException("a shard of %d bytes holds no row".formatted(shardBytes));
    }
    Files.createDirectories(folder);
    Files.deleteIfExists(folder.resolve(DatasetManifest.FILE));
  }

  private static void clear(Path shards) throws IOException {
    try (var files =
        Files.newDirectoryStream(
            shards, file -> String.valueOf(file.getFileName()).matches(OURS))) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  private record ByHash(String part, long mostBytes) implements PartWriter.Place {
    @Override
    public String draft() {
      return "%s/%s.new".formatted(SHARDS, part);
    }

    @Override
    public String file(String sha256, int number, boolean isLast) {
      return DatasetManifest.Shard.usualPlace(sha256);
    }
  }

  private record ByName(String part, long mostBytes) implements PartWriter.Place {
    @Override
    public String draft() {
      return part + ".new";
    }

    @Override
    public String file(String sha256, int number, boolean isLast) {
      return isLast && number == 0 ? part + ".jsonl" : "%s/%05d.jsonl".formatted(part, number);
    }
  }

  /** Appends a row to a part. */
  public void add(String part, Row row) throws IOException {
    byte[] line = RowJson.line(row);
    addLine(part, line, 0, line.length);
  }

  /** Appends a row that is already in normal form, its line feed included. */
  public void addLine(String part, byte[] buffer, int from, int to) throws IOException {
    PartWriter writer = parts.get(part);
    if (writer == null) {
      throw new IllegalArgumentException(
          "there is no part %s, only %s".formatted(part, parts.keySet()));
    }
    writer.add(buffer, from, to);
  }

  /** Ends the parts; what they are is known now, and no dataset yet. */
  public List<Part> end() throws IOException {
    List<Part> ended = new ArrayList<>();
    for (PartWriter part : parts.values()) {
      ended.add(part.end());
    }
    return ended;
  }

  /** Ends the parts, if that is not done, and publishes the manifest. */
  public DatasetManifest finish(Origin origin) throws IOException {
    var manifest = DatasetManifest.of(end(), origin);
    Path draft = folder.resolve(DatasetManifest.FILE + ".new");
    Files.write(draft, manifest.json());
    Files.move(
        draft,
        folder.resolve(DatasetManifest.FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    finished = true;
    return manifest;
  }

  /** Without {@link #finish}, takes back what was written. */
  @Override
  public void close() throws IOException {
    if (finished) {
      return;
    }
    for (PartWriter part : parts.values()) {
      part.discard();
    }
    Files.deleteIfExists(folder.resolve(DatasetManifest.FILE + ".new"));
    try {
      Files.deleteIfExists(folder.resolve(SHARDS));
    } catch (DirectoryNotEmptyException _) {
      // somebody keeps something of his own there
    }
  }
}
