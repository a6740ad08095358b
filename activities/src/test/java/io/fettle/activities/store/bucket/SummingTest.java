package io.fettle.activities.store.bucket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.store.bucket.Bucket.Sum;
import io.fettle.activities.store.bucket.Bucket.Sum.Algorithm;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SummingTest {
  private static final byte[] CHECK = "123456789".getBytes(US_ASCII);

  /** The usual check values of the catalogues of CRCs; digests as {@code openssl dgst} has them. */
  @ParameterizedTest
  @CsvSource({
    "CRC64NVME, ae8b14860a799888",
    "CRC32C, e3069283",
    "CRC32, cbf43926",
    "MD5, 25f9e794323b453885f5181f1b624d0b",
    "SHA1, f7c3bc1d808e04732adf679965ccc34ca7ae3441",
    "SHA256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"
  })
  void every_sum_is_the_standard_one(Algorithm algorithm, String hex) {
    assertThat(Sum.of(algorithm, CHECK)).isEqualTo(new Sum(algorithm, hex));
  }

  @ParameterizedTest
  @EnumSource
  void bytes_may_come_in_pieces_of_any_length(Algorithm algorithm) {
    var random = new Random(1);
    for (int trial = 0; trial < 50; trial++) {
      var body = new byte[random.nextInt(200)];
      random.nextBytes(body);
      var summing = Summing.of(algorithm);
      var left = ByteBuffer.wrap(body);
      while (left.hasRemaining()) {
        int length = 1 + random.nextInt(left.remaining());
        summing.update(left.slice(left.position(), length));
        left.position(left.position() + length);
      }
      assertThat(summing.hex()).isEqualTo(Sum.of(algorithm, body).hex());
    }
  }

  @Test
  void a_changed_bit_changes_each_sum() {
    var other = CHECK.clone();
    other[4] ^= 1;
    for (var algorithm : Algorithm.values()) {
      assertThat(Sum.of(algorithm, other)).isNotEqualTo(Sum.of(algorithm, CHECK));
    }
  }

  @Test
  void what_stores_say_in_base64_is_the_same_sum() {
    assertThat(Sum.ofBase64(Algorithm.CRC32C, "4waSgw=="))
        .isEqualTo(Sum.of(Algorithm.CRC32C, CHECK));
  }
}
