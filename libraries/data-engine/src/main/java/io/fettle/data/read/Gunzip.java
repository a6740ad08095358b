package io.fettle.data.read;

import io.fettle.data.read.Unpacked.BrokenPacking;
import io.fettle.data.read.Unpacked.Counted;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * All members of a gzip file. The JDK's own class takes a damaged start of the second member for
 * the end of the file, and so drops the rest of its rows without a word.
 */
final class Gunzip extends GZIPInputStream {
  private static final int BUFFER = 1 << 16;
  private static final int TRAILER = 8;

  private final Counted packed;
  private long atFill;

  private Gunzip(InputStream in, Counted packed) throws IOException {
    super(in, BUFFER);
    this.packed = packed;
  }

  /**
   * Unpacks a stream.
   *
   * @param packed what the stream takes its bytes from
   */
  static InputStream of(InputStream in, Counted packed) throws IOException {
    try {
      return new Gunzip(in, packed);
    } catch (ZipException | EOFException e) {
      throw new BrokenPacking("begins like gzip and is none; pack it again", e);
    }
  }

  @Override
  protected void fill() throws IOException {
    super.fill();
    atFill = packed.bytes();
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int n = super.read(into, from, length);
    if (n < 0) {
      refuseMore();
    }
    return n;
  }

  /** What was taken from the file behind the last member, if only to find that it is none. */
  private void refuseMore() throws BrokenPacking {
    long behind = inf.getRemaining() + (packed.bytes() - atFill) - TRAILER;
    if (behind > 0) {
      throw new BrokenPacking(
          "goes on behind the end of its packed data with something that is no gzip; copy it again, or pack it again");
    }
  }
}
