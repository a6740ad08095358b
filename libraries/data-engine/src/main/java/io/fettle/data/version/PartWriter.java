package io.fettle.data.version;

import io.fettle.data.version.DatasetManifest.Part;
import io.fettle.data.version.DatasetManifest.Shard;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cuts a part's rows into shards, each named by its hash once it is whole. */
final class PartWriter implements Closeable {
  private static final int BUFFER = 1 << 16;

  private final Path folder;
  private final String name;
  private final long most;
  private final Path draft;
  private final List<Shard> shards = new ArrayList<>();
  private final MessageDigest whole = Sha256.digest();
  private final MessageDigest digest = Sha256.digest();
  private @Nullable OutputStream out;
  private long rows;
  private long bytes;
  private @Nullable Part part;

  PartWriter(Path folder, String name, long most) {
    this.folder = folder;
    this.name = name;
    this.most = most;
    draft = folder.resolve("shards").resolve(name + ".new");
  }

  void add(byte[] line) throws IOException {
    if (line.length == 0 || line[line.length - 1] != '\n') {
      throw new IllegalArgumentException(
          "a row of part %s ends without a line feed".formatted(name));
    }
    if (out != null && bytes + line.length > most) {
      endShard();
    }
    if (out == null) {
      out = new BufferedOutputStream(Files.newOutputStream(draft), BUFFER);
    }
    out.write(line);
    digest.update(line);
    whole.update(line);
    rows++;
    bytes += line.length;
  }

  /** What was written; only after {@link #close}. */
  Part part() {
    if (part == null) {
      throw new IllegalStateException("part %s is still being written".formatted(name));
    }
    return part;
  }

  @Override
  public void close() throws IOException {
    if (part != null) {
      return;
    }
    endShard();
    part =
        new Part(
            name,
            shards.stream().mapToLong(Shard::rows).sum(),
            shards.stream().mapToLong(Shard::bytes).sum(),
            Sha256.of(whole),
            shards);
  }

  private void endShard() throws IOException {
    if (out == null) {
      return;
    }
    out.close();
    out = null;
    var shard = new Shard(Sha256.of(digest), rows, bytes);
    Files.move(draft, folder.resolve(shard.file()), StandardCopyOption.REPLACE_EXISTING);
    shards.add(shard);
    rows = 0;
    bytes = 0;
  }
}
