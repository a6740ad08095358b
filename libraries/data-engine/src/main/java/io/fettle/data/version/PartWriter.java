package io.fettle.data.version;

import io.fettle.data.hash.Sha256;
import io.fettle.data.version.DatasetManifest.Part;
import io.fettle.data.version.DatasetManifest.Shard;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a part's rows into shards; one gets its place once it is whole. */
final class PartWriter {
  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private final String name;
  private final Place place;
  private final Path draft;
  private final List<Shard> shards = new ArrayList<>();
  private final MessageDigest whole = Sha256.digest();
  private final MessageDigest digest = Sha256.digest();
  private @Nullable OutputStream out;
  private long rows;
  private long bytes;
  private @Nullable Part part;

  /**
   * @param folder the dataset's
   * @param name the part's
   */
  PartWriter(Path folder, String name, Place place) {
    this.folder = folder;
    this.name = name;
    this.place = place;
    draft = folder.resolve(place.draft());
  }

  /** Where a part's shards lie. */
  interface Place {
    /** Of one shard; a row that is larger has a shard of its own. */
    long mostBytes();

    /** The file of a shard that is not whole. */
    String draft();

    /**
     * The file of a whole one.
     *
     * @param number of the shard, from 0
     * @param isLast whether no other follows
     */
    String file(String sha256, int number, boolean isLast);
  }

  /** Appends a line, its line feed included. */
  void add(byte[] buffer, int from, int to) throws IOException {
    if (from == to || buffer[to - 1] != '\n') {
      throw new IllegalArgumentException(
          "a row of part %s ends without a line feed".formatted(name));
    }
    int length = to - from;
    if (out != null && bytes + length > place.mostBytes()) {
      endShard(out, false);
    }
    if (out == null) {
      out = new BufferedOutputStream(Files.newOutputStream(draft), BUFFER);
    }
    out.write(buffer, from, length);
    digest.update(buffer, from, length);
    whole.update(buffer, from, length);
    rows++;
    bytes += length;
  }

  /** Ends the writing. */
  Part end() throws IOException {
    if (out != null) {
      endShard(out, true);
    }
    if (part == null) {
      part = Part.of(name, Sha256.of(whole), shards);
    }
    return part;
  }

  /** Takes back what was written. */
  void discard() throws IOException {
    if (out != null) {
      out.close();
      out = null;
    }
    Files.deleteIfExists(draft);
    for (Shard shard : shards) {
      Files.deleteIfExists(folder.resolve(shard.file()));
    }
  }

  private void endShard(OutputStream written, boolean isLast) throws IOException {
    written.close();
    out = null;
    String sha256 = Sha256.of(digest);
    var shard = new Shard(sha256, rows, bytes, place.file(sha256, shards.size(), isLast));
    Path file = folder.resolve(shard.file());
    Files.createDirectories(file.resolveSibling("."));
    Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
    shards.add(shard);
    rows = 0;
    bytes = 0;
  }
}
