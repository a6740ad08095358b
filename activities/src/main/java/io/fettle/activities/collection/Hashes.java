package io.fettle.activities.collection;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The hashes that a text names, whatever its form: a reference that nobody recognizes must not cost
 * the blob. What only looks like a hash keeps a blob too long, no more.
 */
final class Hashes {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final int PIECE = 1 << 20;
  private static final int LONGEST = 64;

  private Hashes() {}

  static void in(byte[] text, Consumer<String> found) {
    in(new String(text, StandardCharsets.ISO_8859_1), found);
  }

  /** Piece by piece; a hash on a seam is seen once at least. */
  static void in(InputStream text, Consumer<String> found) throws IOException {
    var seam = "";
    while (true) {
      var piece = text.readNBytes(PIECE);
      if (piece.length == 0) {
        return;
      }
      var read = seam + new String(piece, StandardCharsets.ISO_8859_1);
      in(read, found);
      seam = read.substring(Math.max(0, read.length() - LONGEST + 1));
    }
  }

  private static void in(String text, Consumer<String> found) {
    SHA256.matcher(text).results().forEach(match -> found.accept(match.group()));
  }
}
