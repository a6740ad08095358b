package io.fettle.activities.store;

import io.fettle.activities.store.ObjectStore.Expected;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** Reads a file for the sums of its chunks. */
final class Sums {
  private static final int BUFFER = 1 << 18;

  private Sums() {}

  static Expected of(Path file) throws IOException {
    long bytes = Files.size(file);
    int count = Expected.chunks(bytes);
    if (count == 0) {
      return new Expected(bytes, List.of());
    }
    var sums = new ArrayList<String>(count);
    try (var in = Files.newInputStream(file)) {
      for (int chunk = 0; chunk < count; chunk++) {
        sums.add("%08x".formatted(sum(in)));
      }
    }
    return new Expected(bytes, sums);
  }

  private static long sum(InputStream in) throws IOException {
    var sum = new CRC32C();
    var buffer = new byte[BUFFER];
    long left = Expected.CHUNK;
    while (left > 0) {
      int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (n < 0) {
        break;
      }
      sum.update(buffer, 0, n);
      left -= n;
    }
    return sum.getValue();
  }
}
