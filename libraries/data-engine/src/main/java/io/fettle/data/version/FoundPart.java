package io.fettle.data.version;

import io.fettle.data.hash.Sha256;
import io.fettle.data.version.DatasetManifest.Part;
import io.fettle.data.version.DatasetManifest.Shard;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/** A part whose files no manifest lists. */
final class FoundPart {
  private static final int BUFFER = 1 << 16;

  private FoundPart() {}

  static Part of(Path folder, String name, List<String> files) throws IOException {
    MessageDigest whole = Sha256.digest();
    List<Shard> shards = new ArrayList<>();
    for (String file : files) {
      Path path = folder.resolve(file);
      if (Files.size(path) > 0) {
        shards.add(shard(path, file, whole));
      }
    }
    return Part.of(name, Sha256.of(whole), shards);
  }

  private static Shard shard(Path path, String file, MessageDigest whole) throws IOException {
    MessageDigest digest = Sha256.digest();
    byte[] buffer = new byte[BUFFER];
    long rows = 0;
    long bytes = 0;
    try (InputStream in = Files.newInputStream(path)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
        whole.update(buffer, 0, read);
        bytes += read;
        for (int i = 0; i < read; i++) {
          rows += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }
    return new Shard(Sha256.of(digest), rows, bytes, file);
  }
}
