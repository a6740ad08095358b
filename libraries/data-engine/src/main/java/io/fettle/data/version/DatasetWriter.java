package io.fettle.data.version;

import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import io.fettle.data.version.DatasetManifest.Origin;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a dataset's folder: {@code shards/SHA-256.jsonl} and, last, {@code manifest.json}. A
 * folder without a manifest is no dataset, so one that was cut short is never taken for one. Holds
 * one row at a time. Not for use by several threads, but for parts: each may be written by its own.
 */
public final class DatasetWriter implements Closeable {
  private final Path folder;
  private final Map<String, PartWriter> parts = new LinkedHashMap<>();

  private DatasetWriter(Path folder) {
    this.folder = folder;
  }

  /**
   * Begins a dataset.
   *
   * @param folder made if it is missing; a manifest that lies there is removed first
   * @param parts their names, in the order in which they enter the dataset hash
   * @param shardBytes the most bytes of one file; a row that is larger has one of its own
   */
  public static DatasetWriter open(Path folder, List<String> parts, long shardBytes)
      throws IOException {
    if (shardBytes < 1) {
      throw new IllegalArgumentException("a shard of %d bytes holds no row".formatted(shardBytes));
    }
    Files.createDirectories(folder.resolve("shards"));
    Files.deleteIfExists(folder.resolve(DatasetManifest.FILE));
    var writer = new DatasetWriter(folder);
    parts.forEach(part -> writer.parts.put(part, new PartWriter(folder, part, shardBytes)));
    return writer;
  }

  /** Appends a row to a part. */
  public void add(String part, Row row) throws IOException {
    addLine(part, RowJson.line(row));
  }

  /** Appends a row that is already in normal form, its line feed included. */
  public void addLine(String part, byte[] line) throws IOException {
    PartWriter writer = parts.get(part);
    if (writer == null) {
      throw new IllegalArgumentException(
          "there is no part %s, only %s".formatted(part, parts.keySet()));
    }
    writer.add(line);
  }

  /** Ends the parts and publishes the manifest. */
  public DatasetManifest finish(Origin origin) throws IOException {
    close();
    var manifest =
        DatasetManifest.of(parts.values().stream().map(PartWriter::part).toList(), origin);
    Path draft = folder.resolve(DatasetManifest.FILE + ".new");
    Files.write(draft, manifest.json());
    Files.move(
        draft,
        folder.resolve(DatasetManifest.FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    return manifest;
  }

  /** Ends the writing; without {@link #finish} the folder holds no dataset. */
  @Override
  public void close() throws IOException {
    for (PartWriter part : parts.values()) {
      part.close();
    }
  }
}
