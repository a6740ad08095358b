package io.fettle.activities.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteFileTest {
  @Test
  void an_address_is_a_bucket_and_a_name_in_it() throws IOException {
    var file = RemoteFile.of("gs://my_bucket/rows/train.jsonl");

    assertThat(file.bucket()).isEqualTo(URI.create("gs://my_bucket/"));
    assertThat(file.key()).isEqualTo("rows/train.jsonl");
  }

  @Test
  void a_path_of_this_machine_may_be_written_as_an_address() {
    assertThat(RemoteFile.local("rows/a.csv")).isEqualTo(Path.of("rows/a.csv"));
    assertThat(RemoteFile.local("file:///data/my%20rows/")).isEqualTo(Path.of("/data/my rows"));
    assertThatThrownBy(() -> RemoteFile.local("file://host/rows"))
        .isInstanceOf(InvalidPathException.class);
  }

  /** Without a bucket, as where a variable of a script is empty, it is nobody's. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "s3:///rows.jsonl",
        "s3://bucket",
        "s3://bucket/",
        "s3://bucket/a?version=1",
        "s3://bucket/a#b",
        "s3://bucket/../a",
        "s3://Bucket/a",
        "s3://bucket/a b"
      })
  void what_is_none_is_refused(String address) {
    assertThatIOException()
        .isThrownBy(() -> RemoteFile.of(address))
        .withMessageContaining("address");
  }
}
