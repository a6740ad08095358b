package io.fettle.activities.store.gcs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import io.fettle.activities.store.Stores.Transfer;
import io.fettle.activities.store.bucket.Bucket.Source;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GcsUploadTest {
  private static final int PART = 5 << 20;

  @TempDir Path folder;
  private GcsStandIn server;
  private GcsBucket bucket;
  private byte[] body;
  private Path file;

  @BeforeEach
  void open() throws IOException {
    server = new GcsStandIn();
    bucket =
        GcsBucket.open("b", new Access(Map.of("gs", server.address()), new Transfer(1, PART, 0)));
    body = new byte[3 * PART + 12_345];
    new Random(1).nextBytes(body);
    file = Files.write(folder.resolve("large"), body);
  }

  @AfterEach
  void close() throws IOException {
    bucket.close();
    server.close();
  }

  @Test
  void an_upload_that_is_cut_off_in_each_chunk_goes_on_where_the_server_says() throws IOException {
    var sent = new AtomicLong();

    bucket.upload("large", Source.of(file), sent::addAndGet);

    assertThat(server.object()).isEqualTo(body);
    assertThat(sent).hasValue(body.length);
    assertThat(server.questions()).isPositive();
  }

  @Test
  void a_file_that_changed_since_it_was_hashed_never_shows() throws IOException {
    var source = Source.of(file);
    body[PART] ^= 1;
    Files.write(file, body);
    Files.setLastModifiedTime(file, source.modified());

    assertThatIOException()
        .isThrownBy(() -> bucket.upload("large", source, _ -> {}))
        .withMessageContaining("changed while it was copied");
    assertThat(server.object()).isEmpty();
    assertThat(Stores.sha256(file)).isNotEqualTo(source.sha256());
  }
}
