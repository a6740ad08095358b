package io.fettle.activities.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.store.bucket.Bucket.Sum;
import io.fettle.activities.store.bucket.Bucket.Sum.Algorithm;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.ChecksumType;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

class StoredSumTest {
  private static final String MD5 = "25f9e794323b453885f5181f1b624d0b";

  private static HeadObjectResponse answer(Consumer<HeadObjectResponse.Builder> of) {
    return HeadObjectResponse.builder().applyMutation(of).build();
  }

  @Test
  void the_sum_of_a_whole_object_counts() {
    var is =
        answer(
            it ->
                it.checksumCRC64NVME("rosUhgp5mIg=")
                    .checksumCRC32("y/Q5Jg==")
                    .checksumType(ChecksumType.FULL_OBJECT));

    assertThat(StoredSum.of(is, true)).contains(new Sum(Algorithm.CRC64NVME, "ae8b14860a799888"));
  }

  @Test
  void a_sum_of_sums_of_parts_does_not() {
    assertThat(StoredSum.of(answer(it -> it.checksumCRC32C("4waSgw==-3")), false)).isEmpty();
    assertThat(
            StoredSum.of(
                answer(it -> it.checksumCRC32C("4waSgw==").checksumType(ChecksumType.COMPOSITE)),
                false))
        .isEmpty();
  }

  @Test
  void an_etag_is_an_md5_only_where_s3_says_so() {
    var plain = answer(it -> it.eTag("\"" + MD5 + "\""));
    assertThat(StoredSum.of(plain, true)).contains(new Sum(Algorithm.MD5, MD5));
    assertThat(StoredSum.of(plain, false)).isEmpty();
    assertThat(StoredSum.of(answer(it -> it.eTag("\"" + MD5 + "-2\"")), true)).isEmpty();
    assertThat(
            StoredSum.of(
                plain.toBuilder().serverSideEncryption(ServerSideEncryption.AWS_KMS).build(), true))
        .isEmpty();
    assertThat(StoredSum.of(plain.toBuilder().sseCustomerAlgorithm("AES256").build(), true))
        .isEmpty();
    assertThat(
            StoredSum.of(
                plain.toBuilder().serverSideEncryption(ServerSideEncryption.AES256).build(), true))
        .isPresent();
  }
}
