package io.fettle.activities.store.s3;

import io.fettle.activities.store.bucket.Bucket.Sum;
import io.fettle.activities.store.bucket.Bucket.Sum.Algorithm;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** What S3 itself says of all bytes of an object. */
final class StoredSum {
  private static final Pattern MD5 = Pattern.compile("\"?(\\p{XDigit}{32})\"?");

  private StoredSum() {}

  /**
   * The strongest, of the whole object and not of its parts; empty if there is none.
   *
   * @param isAmazon whether an ETag may be believed: S3 itself says when it is the MD5, other
   *     servers put there what they like
   */
  static Optional<Sum> of(HeadObjectResponse is, boolean isAmazon) {
    return whole(is, Algorithm.SHA256, is.checksumSHA256())
        .or(() -> whole(is, Algorithm.CRC64NVME, is.checksumCRC64NVME()))
        .or(() -> whole(is, Algorithm.CRC32C, is.checksumCRC32C()))
        .or(() -> whole(is, Algorithm.SHA1, is.checksumSHA1()))
        .or(() -> whole(is, Algorithm.CRC32, is.checksumCRC32()))
        .or(() -> isAmazon ? md5(is) : Optional.empty());
  }

  /** A sum of sums ends in a dash and the number of parts. */
  private static Optional<Sum> whole(
      HeadObjectResponse is, Algorithm algorithm, @Nullable String value) {
    return value == null || value.contains("-") || is.checksumType() == ChecksumType.COMPOSITE
        ? Optional.empty()
        : Optional.of(Sum.ofBase64(algorithm, value));
  }

  /** Of an object that was put in one call, under no key of KMS or the customer. */
  private static Optional<Sum> md5(HeadObjectResponse is) {
    var encryption = is.serverSideEncryption();
    boolean isPlain = encryption == null || encryption == ServerSideEncryption.AES256;
    var found = MD5.matcher(String.valueOf(is.eTag()));
    return isPlain && is.sseCustomerAlgorithm() == null && found.matches()
        ? Optional.of(new Sum(Algorithm.MD5, found.group(1).toLowerCase(Locale.ROOT)))
        : Optional.empty();
  }
}
