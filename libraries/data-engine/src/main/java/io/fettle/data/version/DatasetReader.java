package io.fettle.data.version;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fettle.data.hash.Sha256;
import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import io.fettle.data.version.DatasetManifest.Origin;
import io.fettle.data.version.DatasetManifest.Part;
import io.fettle.data.version.DatasetManifest.Shard;
import java.io.BufferedReader;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;

/**
 * Reads a dataset back and trusts nothing of it: each shard is hashed before the first of its rows
 * is handed over. A shard is read twice for that, the second time from the system's cache; its rows
 * are never held together.
 */
public final class DatasetReader {
  private static final int MOST_MANIFEST_BYTES = 256 << 20;
  private static final String REMEDY = "; fetch the dataset again, or prepare it again";

  private final Path folder;
  private final DatasetManifest manifest;
  private final String manifestHash;

  private DatasetReader(Path folder, DatasetManifest manifest, String manifestHash) {
    this.folder = folder;
    this.manifest = manifest;
    this.manifestHash = manifestHash;
  }

  /** A dataset that is not what its manifest says. The message is a sentence without row text. */
  public static final class DamagedDataset extends IOException {
    DamagedDataset(Path file, String problem) {
      super("%s %s%s".formatted(file, problem, REMEDY));
    }
  }

  /** Takes a part's rows in order. */
  @FunctionalInterface
  public interface Rows {
    void row(Row row) throws IOException;
  }

  /** Whether a folder holds a dataset of this kind. */
  public static boolean isDataset(Path folder) {
    return Files.isRegularFile(folder.resolve(DatasetManifest.FILE));
  }

  /**
   * Opens a dataset's folder.
   *
   * @throws DamagedDataset where its manifest is missing, is none, or contradicts itself
   */
  public static DatasetReader open(Path folder) throws IOException {
    Path file = folder.resolve(DatasetManifest.FILE);
    if (!Files.isRegularFile(file)) {
      throw new DamagedDataset(file, "is missing");
    }
    if (Files.size(file) > MOST_MANIFEST_BYTES) {
      throw new DamagedDataset(file, "is larger than a manifest can be");
    }
    byte[] json = Files.readAllBytes(file);
    try {
      return new DatasetReader(folder, DatasetManifest.parsed(json), Sha256.of(json));
    } catch (JsonProcessingException | CharConversionException e) {
      var damaged = new DamagedDataset(file, "is no manifest: " + reason(e));
      damaged.initCause(e);
      throw damaged;
    }
  }

  /**
   * Opens rows that lie there without a manifest; what is found is taken for what was meant.
   *
   * @param parts in their order, the files of each in theirs
   * @param origin what is known of where they came from
   */
  public static DatasetReader withoutManifest(
      Path folder, SequencedMap<String, List<String>> parts, Origin origin) throws IOException {
    List<Part> found = new ArrayList<>();
    for (var part : parts.sequencedEntrySet()) {
      found.add(FoundPart.of(folder, part.getKey(), part.getValue()));
    }
    var manifest = DatasetManifest.of(found, origin);
    return new DatasetReader(folder, manifest, manifest.hash());
  }

  /** Where it lies. */
  public Path folder() {
    return folder;
  }

  /** What the dataset is. */
  public DatasetManifest manifest() {
    return manifest;
  }

  /** SHA-256 of the manifest's bytes as they lie on disk. */
  public String manifestHash() {
    return manifestHash;
  }

  /**
   * Hands over a part's rows. A damaged shard stops the reading before any of its rows, not before
   * those of the shards in front of it.
   *
   * @throws DamagedDataset where a shard is missing, truncated or altered
   * @throws IllegalArgumentException where there is no such part
   */
  public void read(String part, Rows rows) throws IOException {
    Part wanted = manifest.part(part);
    MessageDigest whole = Sha256.digest();
    for (Shard shard : wanted.shards()) {
      verify(shard, whole);
      deliver(shard, rows);
    }
    if (!Sha256.of(whole).equals(wanted.sha256())) {
      throw new DamagedDataset(
          folder.resolve(DatasetManifest.FILE),
          "gives the part %s another hash than its shards have".formatted(part));
    }
  }

  /**
   * Reads every shard, and hands over nothing.
   *
   * @throws DamagedDataset where one is missing, truncated or altered
   */
  public void verify() throws IOException {
    for (Part part : manifest.parts()) {
      for (Shard shard : part.shards()) {
        verify(shard, Sha256.digest());
      }
    }
  }

  private void verify(Shard shard, MessageDigest whole) throws IOException {
    Path file = folder.resolve(shard.file());
    MessageDigest digest = Sha256.digest();
    try {
      long bytes = Files.size(file);
      if (bytes != shard.bytes()) {
        throw new DamagedDataset(
            file, "has %d bytes instead of %d".formatted(bytes, shard.bytes()));
      }
      Sha256.read(file, digest, whole);
    } catch (NoSuchFileException e) {
      throw new DamagedDataset(file, "is missing");
    }
    if (!Sha256.of(digest).equals(shard.sha256())) {
      throw new DamagedDataset(file, "does not hold what its name says");
    }
  }

  private void deliver(Shard shard, Rows rows) throws IOException {
    Path file = folder.resolve(shard.file());
    long count = 0;
    try (BufferedReader lines = Files.newBufferedReader(file)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        rows.row(row(file, line, ++count));
      }
    }
    if (count != shard.rows()) {
      throw new DamagedDataset(
          file, "has %d rows where the manifest says %d".formatted(count, shard.rows()));
    }
  }

  /**
   * The hash fits, so the writer wrote it: other bytes than rows are a manifest of foreign make.
   */
  private static Row row(Path file, String line, long number) throws IOException {
    try {
      return RowJson.row(line);
    } catch (IOException | RuntimeException e) {
      throw new DamagedDataset(file, "line %d is no row in normal form".formatted(number));
    }
  }

  private static String reason(IOException e) {
    return switch (e.getCause()) {
      case IllegalArgumentException own -> String.valueOf(own.getMessage());
      case NullPointerException _ -> "one of its lists holds null";
      case null, default ->
          e instanceof JsonProcessingException json
              ? json.getOriginalMessage()
              : String.valueOf(e.getMessage());
    };
  }
}
