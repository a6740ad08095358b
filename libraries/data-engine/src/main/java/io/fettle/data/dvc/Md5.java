package io.fettle.data.dvc;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The hash that DVC names its objects by. It finds accidents; nobody here takes it for more. */
final class Md5 {
  private static final int BUFFER = 1 << 16;

  private Md5() {}

  static String of(byte[] bytes) {
    MessageDigest digest = digest();
    digest.update(bytes);
    return hex(digest);
  }

  static String of(Path file) throws IOException {
    return copied(file, OutputStream.nullOutputStream());
  }

  /** Copies a file, and hashes what it copies. */
  static String copied(Path file, OutputStream out) throws IOException {
    MessageDigest digest = digest();
    byte[] buffer = new byte[BUFFER];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
        out.write(buffer, 0, read);
      }
    }
    return hex(digest);
  }

  /** As DVC 1 and 2 hashed text: a line feed for each carriage return and line feed. */
  static String ofLines(Path file) throws IOException {
    MessageDigest digest = digest();
    boolean held = false;
    try (var in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
      for (int each = in.read(); each >= 0; each = in.read()) {
        if (held && each != '\n') {
          digest.update((byte) '\r');
        }
        held = each == '\r';
        if (!held) {
          digest.update((byte) each);
        }
      }
    }
    if (held) {
      digest.update((byte) '\r');
    }
    return hex(digest);
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("MD5");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
