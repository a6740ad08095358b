package io.fettle.activities.store.bucket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.fettle.activities.store.ObjectStore.Copied;
import io.fettle.activities.store.ObjectStore.CorruptObject;
import io.fettle.activities.store.ObjectStore.Expected;
import io.fettle.activities.store.Stores.Transfer;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DownloadTest {
  private static final int PART = 5 << 20;
  private static final int PARTS = 7;
  private static final int STREAMS = 3;

  @TempDir Path folder;
  private final MemoryBucket bucket = new MemoryBucket();
  private final byte[] body = new byte[PARTS * PART - 12_345];
  private BucketStore store;
  private Reference blob;
  private Path target;

  @BeforeEach
  void put() throws IOException {
    new Random(1).nextBytes(body);
    store = open();
    blob = store.putBlob("objects", body);
    target = folder.resolve("here/it/is");
  }

  private BucketStore open() {
    return new BucketStore(
        URI.create("s3://bucket/prefix/"), bucket, new Transfer(STREAMS, PART, 0));
  }

  @Test
  void a_download_that_died_goes_on_and_fetches_no_more_than_what_was_under_way()
      throws IOException {
    var random = new Random(2);
    for (int trial = 0; trial < 20; trial++) {
      Files.deleteIfExists(target);
      int before = bucket.reads();
      int deaths = 0;
      while (!Files.exists(target)) {
        bucket.diesAfter(1 + random.nextInt(PARTS));
        try {
          open().download(blob, target); // another process
        } catch (IOException died) {
          deaths++;
        }
        bucket.lives();
      }
      assertThat(bucket.reads() - before).isBetween(PARTS, PARTS + deaths * STREAMS);
      assertThat(target).hasBinaryContent(body);
    }
  }

  @Test
  void a_part_that_rotted_on_the_disk_meanwhile_is_fetched_again() throws IOException {
    bucket.diesAfter(4);
    assertThatIOException().isThrownBy(() -> store.download(blob, target));
    bucket.lives();
    var part = target.resolveSibling(".is.part");
    try (var file = Files.newByteChannel(part, StandardOpenOption.WRITE)) {
      file.position(17);
      file.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }

    store.download(blob, target);

    assertThat(target).hasBinaryContent(body);
  }

  @Test
  void an_object_that_was_replaced_meanwhile_begins_anew_and_is_refused_by_its_hash()
      throws IOException {
    bucket.diesAfter(3);
    assertThatIOException().isThrownBy(() -> store.download(blob, target));
    bucket.lives();
    var other = body.clone();
    other[body.length - 1] ^= 1; // of the last part, which has not come yet
    store.put(store.key(blob.uri()), other);

    assertThatIOException()
        .isThrownBy(() -> store.download(blob, target))
        .isInstanceOf(CorruptObject.class);
    assertThat(target).doesNotExist();
    assertThat(target.getParent()).isEmptyDirectory();
  }

  @Test
  void a_chunk_that_changed_on_its_way_is_fetched_again_and_no_other() throws IOException {
    var large = new byte[3 * Expected.CHUNK + 1];
    new Random(4).nextBytes(large);
    var source = Files.write(folder.resolve("source"), large);
    var expected = Expected.of(source);
    var chunked = chunkedStore();
    var reference = chunked.putBlob("objects", source);
    int before = bucket.reads();
    bucket.flipsRead(2);

    chunked.download(reference, expected, target, _ -> {});

    assertThat(target).hasBinaryContent(large);
    assertThat(bucket.reads() - before).isEqualTo(4 + 1);
  }

  @Test
  void of_a_damaged_object_no_more_is_fetched_than_what_was_under_way() throws IOException {
    var large = new byte[16 * Expected.CHUNK];
    var source = Files.write(folder.resolve("source"), large);
    var expected = Expected.of(source);
    var chunked = chunkedStore();
    var reference = chunked.putBlob("objects", source);
    large[0] ^= 1;
    chunked.put(chunked.key(reference.uri()), large);
    int before = bucket.reads();

    assertThatIOException()
        .isThrownBy(() -> chunked.download(reference, expected, target, _ -> {}))
        .isInstanceOf(CorruptObject.class)
        .withMessageContaining("chunk 0");
    assertThat(bucket.reads() - before).isLessThan(16);
  }

  private BucketStore chunkedStore() {
    return new BucketStore(
        URI.create("s3://bucket/chunked/"), bucket, new Transfer(1, Expected.CHUNK, 0));
  }

  @Test
  void a_blob_that_another_host_makes_young_meanwhile_is_the_same_blob() throws IOException {
    bucket.diesAfter(3);
    assertThatIOException().isThrownBy(() -> store.download(blob, target));
    bucket.lives();
    int before = bucket.reads();
    store.putBlob("objects", body); // another version

    store.download(blob, target);

    assertThat(target).hasBinaryContent(body);
    assertThat(bucket.reads() - before).isLessThan(PARTS);
  }

  @Test
  void a_blob_that_rotted_in_the_bucket_is_refused_and_healed_by_the_next_put() throws IOException {
    var small = store.putBlob("objects", new byte[] {1, 2, 3});
    bucket.rots("prefix/" + store.key(small.uri()));
    assertThatIOException().isThrownBy(() -> store.read(small)).isInstanceOf(CorruptObject.class);

    store.putBlob("objects", new byte[] {1, 2, 3});

    assertThat(store.read(small)).containsExactly(1, 2, 3);
  }

  @Test
  void a_bit_that_changed_on_its_way_is_read_once_more_and_the_blob_is_trusted_still()
      throws IOException {
    var small = store.putBlob("objects", new byte[] {1, 2, 3});
    bucket.flipsNextGet();

    assertThat(store.read(small)).containsExactly(1, 2, 3);
    int before = bucket.renewals();
    store.putBlob("objects", new byte[] {1, 2, 3});
    assertThat(bucket.renewals()).as("kept, and not written anew").isEqualTo(before + 1);
  }

  @Test
  void an_upload_whose_age_counts_from_its_beginning_is_made_young_at_its_end() throws IOException {
    var other = Files.write(folder.resolve("other"), Arrays.copyOf(body, 2 * PART));
    bucket.isOld(Duration.ofMinutes(90));

    store.putBlob("objects", other);

    assertThat(bucket.renewals()).isEqualTo(1);
  }

  @Test
  void an_answer_to_a_range_that_begins_elsewhere_is_refused() throws IOException {
    Bucket.refuseOtherRange("x", "bytes 5-9/100", 5);
    Bucket.refuseOtherRange("x", null, 0);

    assertThatIOException()
        .isThrownBy(() -> Bucket.refuseOtherRange("x", null, 5))
        .withMessageContaining("from byte 5");
    assertThatIOException()
        .isThrownBy(() -> Bucket.refuseOtherRange("x", "bytes 50-99/100", 5))
        .withMessageContaining("50-99");
  }

  @Test
  void two_who_want_the_same_fetch_it_once() throws Exception {
    int before = bucket.reads();
    try (var threads = Executors.newFixedThreadPool(8)) {
      var under = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 8; i++) {
        under.add(
            threads.submit(
                () -> {
                  store.download(blob, target);
                  return true;
                }));
      }
      for (var each : under) {
        each.get();
      }
    }

    assertThat(target).hasBinaryContent(body);
    assertThat(bucket.reads() - before).isEqualTo(PARTS);
  }

  @Test
  void a_journal_that_was_cut_off_counts_as_far_as_it_goes() throws IOException {
    bucket.diesAfter(5);
    assertThatIOException().isThrownBy(() -> store.download(blob, target));
    bucket.lives();
    var journal = target.resolveSibling(".is.parts");
    var text = Files.readString(journal);
    Files.writeString(journal, text.substring(0, text.length() - 3));
    int before = bucket.reads();

    store.download(blob, target);

    assertThat(target).hasBinaryContent(body);
    assertThat(bucket.reads() - before).isBetween(1, PARTS - 1);
  }

  @Test
  void a_check_reads_each_range_once_and_leaves_nothing() throws IOException {
    int before = bucket.reads();

    assertThat(store.check(store.key(blob.uri()), blob.sha256())).isEqualTo(Copied.VERIFIED);

    assertThat(bucket.reads() - before).isEqualTo(PARTS);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void a_check_takes_no_bit_on_its_way_for_damage_and_damage_for_what_it_is() throws IOException {
    bucket.flipsRead(PARTS / 2);
    assertThat(store.check(store.key(blob.uri()), blob.sha256())).isEqualTo(Copied.VERIFIED);

    bucket.rots("prefix/" + store.key(blob.uri()));
    assertThatIOException()
        .isThrownBy(() -> store.check(store.key(blob.uri()), blob.sha256()))
        .isInstanceOf(CorruptObject.class);
  }

  @Test
  void many_checks_at_once_share_the_memory_of_one_and_all_end() throws Exception {
    try (var threads = Executors.newFixedThreadPool(16)) {
      var under = new ArrayList<Future<Copied>>();
      for (int i = 0; i < 16; i++) {
        under.add(threads.submit(() -> store.check(store.key(blob.uri()), blob.sha256())));
      }
      for (var each : under) {
        assertThat(each.get()).isEqualTo(Copied.VERIFIED);
      }
    }
  }

  @Test
  void what_lies_beside_is_gone_once_it_is_whole() throws IOException {
    store.download(blob, target);

    assertThat(target.getParent()).isDirectoryContaining(target::equals);
    try (var all = Files.list(target.getParent())) {
      assertThat(all).hasSize(1);
    }
  }
}
