package io.fettle.data.read;

import com.github.luben.zstd.ZstdInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipException;

/**
 * A file's bytes, unpacked if they begin as gzip or Zstandard, whatever the file is called. What
 * grows beyond all measure is refused: a few kilobytes may else fill a disk.
 */
final class Unpacked extends FilterInputStream {
  private static final int MAGIC = 4;

  private final Counted packed;
  private final Growth growth = new Growth();

  private Unpacked(InputStream in, Counted packed) {
    super(in);
    this.packed = packed;
  }

  /** What is wrong with a packed file. */
  static final class BrokenPacking extends IOException {
    BrokenPacking(String sentence) {
      super(sentence);
    }

    BrokenPacking(String sentence, Throwable cause) {
      super(sentence, cause);
    }
  }

  static InputStream open(Path file) throws IOException {
    var counted = new Counted(Files.newInputStream(file));
    try {
      return open(counted);
    } catch (IOException | RuntimeException e) {
      counted.close();
      throw e;
    }
  }

  private static InputStream open(Counted counted) throws IOException {
    var in = new PushbackInputStream(counted, MAGIC);
    var start = in.readNBytes(MAGIC);
    in.unread(start);
    if (start.length == MAGIC && start[0] == (byte) 0x1F && start[1] == (byte) 0x8B) {
      return new Unpacked(Gunzip.of(in, counted), counted);
    }
    boolean isZstd =
        start.length == MAGIC
            && start[0] == (byte) 0x28
            && start[1] == (byte) 0xB5
            && start[2] == (byte) 0x2F
            && start[3] == (byte) 0xFD;
    return isZstd ? new Unpacked(new ZstdInputStream(in), counted) : in;
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int n = readChecked(into, from, length);
    growth.add(n, packed.bytes());
    return n;
  }

  private int readChecked(byte[] into, int from, int length) throws IOException {
    try {
      return in.read(into, from, length);
    } catch (EOFException e) {
      throw new BrokenPacking("ends in the middle of its packed data; copy it again", e);
    } catch (ZipException e) {
      throw new BrokenPacking("is damaged (%s); copy it again".formatted(e.getMessage()), e);
    } catch (IOException e) {
      throw isOfZstd(e) ? zstd(e) : e;
    }
  }

  private static boolean isOfZstd(IOException e) {
    return e.getClass().getName().startsWith("com.github.luben.zstd.");
  }

  private static BrokenPacking zstd(IOException e) {
    String said = String.valueOf(e.getMessage());
    if (said.contains("Truncated")) {
      return new BrokenPacking("ends in the middle of its packed data; copy it again", e);
    }
    return new BrokenPacking(
        said.contains("too much memory")
            ? "needs a window of more than 128 MiB to unpack; pack it again without `--long`"
            : "is damaged (%s); copy it again".formatted(said),
        e);
  }

  /** The file, and how much of it was taken. */
  static final class Counted extends FilterInputStream {
    private long bytes;

    Counted(InputStream in) {
      super(in);
    }

    long bytes() {
      return bytes;
    }

    @Override
    public int read() throws IOException {
      int read = in.read();
      bytes += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      int n = in.read(into, from, length);
      bytes += Math.max(n, 0);
      return n;
    }
  }
}
