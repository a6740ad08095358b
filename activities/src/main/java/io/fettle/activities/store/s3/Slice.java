package io.fettle.activities.store.s3;

import io.fettle.activities.store.bucket.Pace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** So many bytes of a file from an offset on, no faster than allowed. */
final class Slice extends InputStream {
  private final InputStream in;
  private final Pace pace;
  private long left;

  private Slice(InputStream in, long bytes, Pace pace) {
    this.in = in;
    this.left = bytes;
    this.pace = pace;
  }

  static Slice of(Path file, long from, long bytes, Pace pace) throws IOException {
    var channel = FileChannel.open(file, StandardOpenOption.READ);
    return new Slice(Channels.newInputStream(channel.position(from)), bytes, pace);
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (left == 0) {
      return -1;
    }
    int n = in.read(into, from, (int) Math.min(left, length));
    left -= Math.max(n, 0);
    pace.take(Math.max(n, 0));
    return n;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
