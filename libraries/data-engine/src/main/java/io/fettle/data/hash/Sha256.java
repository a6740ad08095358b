package io.fettle.data.hash;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** SHA-256; as text it is 64 lower-case hex characters. */
public final class Sha256 {
  private static final Pattern SPELLING = Pattern.compile("[0-9a-f]{64}");
  private static final int BUFFER = 1 << 16;

  private Sha256() {}

  /** Whether a text is spelled as one. */
  public static boolean isOne(String text) {
    return SPELLING.matcher(text).matches();
  }

  /** A digest that has seen nothing yet. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** Of what the digest has seen, which then begins anew. */
  public static String of(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Of some bytes. */
  public static String of(byte[] bytes) {
    MessageDigest digest = digest();
    digest.update(bytes);
    return of(digest);
  }

  /** Of a file. */
  public static String of(Path file) throws IOException {
    MessageDigest digest = digest();
    read(file, digest);
    return of(digest);
  }

  /** Reads a file into several digests at once. */
  public static void read(Path file, MessageDigest... digests) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        for (MessageDigest digest : digests) {
          digest.update(buffer, 0, read);
        }
      }
    }
  }
}
