package io.fettle.activities.store.bucket;

import io.fettle.activities.store.bucket.Bucket.Sum;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** A sum under way. For one thread. */
sealed interface Summing {
  void update(ByteBuffer bytes);

  /** In lower-case hex digits; ends it. */
  String hex();

  static Summing of(Sum.Algorithm algorithm) {
    return switch (algorithm) {
      case SHA256 -> digest("SHA-256");
      case SHA1 -> digest("SHA-1");
      case MD5 -> digest("MD5");
      case CRC64NVME -> new Cyclic(new Crc64Nvme(), Long.BYTES);
      case CRC32C -> new Cyclic(new CRC32C(), Integer.BYTES);
      case CRC32 -> new Cyclic(new CRC32(), Integer.BYTES);
    };
  }

  private static Summing digest(String name) {
    try {
      return new Digest(MessageDigest.getInstance(name));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has " + name, e);
    }
  }

  record Digest(MessageDigest digest) implements Summing {
    @Override
    public void update(ByteBuffer bytes) {
      digest.update(bytes);
    }

    @Override
    public String hex() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  /**
   * @param bytes that its value has
   */
  record Cyclic(Checksum sum, int bytes) implements Summing {
    @Override
    public void update(ByteBuffer more) {
      sum.update(more);
    }

    @Override
    public String hex() {
      return HexFormat.of().toHexDigits(sum.getValue(), 2 * bytes);
    }
  }
}
