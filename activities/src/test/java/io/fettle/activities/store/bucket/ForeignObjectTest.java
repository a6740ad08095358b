package io.fettle.activities.store.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.fettle.activities.store.ObjectStore.Copied;
import io.fettle.activities.store.ObjectStore.CorruptObject;
import io.fettle.activities.store.Stores.Transfer;
import io.fettle.activities.store.bucket.Bucket.Sum;
import io.fettle.activities.store.bucket.Bucket.Sum.Algorithm;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other programs wrote is compared with the sum that the bucket itself notes. */
class ForeignObjectTest {
  private static final int PART = 5 << 20;

  @TempDir Path folder;
  private final MemoryBucket bucket = new MemoryBucket();
  private final BucketStore store =
      new BucketStore(URI.create("s3://bucket/"), bucket, new Transfer(3, PART, 0));

  private static byte[] noise(int bytes) {
    var body = new byte[bytes];
    new Random(bytes).nextBytes(body);
    return body;
  }

  private static Optional<Sum> sum(byte[] body) {
    return Optional.of(Sum.of(Algorithm.CRC64NVME, body));
  }

  private Path target() {
    return folder.resolve("copy");
  }

  @Test
  void names_that_no_store_takes_are_told_apart_from_marks_of_folders() throws IOException {
    for (var name : List.of("rows/a.jsonl", "rows/my rows.jsonl", "rows/.x", "rows/", "rows/b/")) {
      bucket.putForeign(name, noise(1), Optional.empty());
    }
    var rows = new BucketStore(URI.create("s3://bucket/rows/"), bucket, Transfer.USUAL);

    assertThat(rows.list("")).extracting(each -> each.key()).containsExactly("a.jsonl");
    assertThat(rows.foreign("")).containsExactly(".x", "my rows.jsonl");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 1_000, PART, PART + 1, 3 * PART + 17})
  void sound_bytes_are_verified(int bytes) throws IOException {
    var body = noise(bytes);
    bucket.putForeign("rows.jsonl", body, sum(body));

    assertThat(store.copy("rows.jsonl", target())).isEqualTo(Copied.VERIFIED);
    assertThat(target()).hasBinaryContent(body);
  }

  @ParameterizedTest
  @ValueSource(ints = {1_000, 3 * PART + 17})
  void other_bytes_are_refused_with_both_sums(int bytes) {
    var body = noise(bytes);
    var noted = sum(body);
    body[bytes / 2] ^= 1;
    bucket.putForeign("rows.jsonl", body, noted);

    assertThatIOException()
        .isThrownBy(() -> store.copy("rows.jsonl", target()))
        .isInstanceOf(CorruptObject.class)
        .withMessageContaining("s3://bucket/rows.jsonl has " + sum(body).orElseThrow())
        .withMessageContaining("where %s was stored", noted.orElseThrow());
    assertThat(target()).doesNotExist();
  }

  @Test
  void a_bucket_that_notes_nothing_leaves_it_unverified() throws IOException {
    bucket.putForeign("rows.jsonl", noise(1_000), Optional.empty());

    assertThat(store.copy("rows.jsonl", target())).isEqualTo(Copied.UNVERIFIED);
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1_000, 2_000})
  void one_that_was_replaced_after_its_description_is_whole_and_not_called_damaged(int bytes)
      throws IOException {
    var after = noise(bytes);
    after[0] ^= 1;
    for (boolean isSummed : new boolean[] {true, false}) {
      var before = noise(1_000);
      bucket.putForeign("rows.jsonl", before, isSummed ? sum(before) : Optional.empty());
      bucket.thenReplaces("rows.jsonl", after, isSummed ? sum(after) : Optional.empty());

      store.copy("rows.jsonl", target());

      assertThat(target()).hasBinaryContent(after);
    }
  }
}
