package io.fettle.activities.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store on a real file system of 2 MB; skipped where this user may not mount one. */
class FullDiskTest {
  @TempDir Path folder;
  private Path disk;

  @BeforeEach
  void mount() throws Exception {
    disk = Files.createDirectory(folder.resolve("disk"));
    assumeThat(run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", disk.toString())).isZero();
  }

  @AfterEach
  void unmount() throws Exception {
    run("umount", disk.toString());
  }

  @Test
  void a_full_disk_is_a_sentence_and_nothing_half_written_is_seen() throws IOException {
    ObjectStore store = Stores.open(disk.toUri());
    store.put("kept", "old".getBytes(UTF_8));
    Path large = Files.write(folder.resolve("large"), new byte[4_000_000]);
    byte[] body = new byte[4_000_000];

    assertThatIOException()
        .isThrownBy(() -> store.put("kept", body))
        .withMessageContaining("cannot write kept: the disk is full (")
        .withMessageContaining("free some space or move the store");
    assertThatIOException()
        .isThrownBy(() -> store.putIfAbsent("new", body))
        .withMessageContaining("the disk is full");
    assertThatIOException()
        .isThrownBy(() -> store.putBlob(large))
        .withMessageContaining("the disk is full");

    assertThat(store.list("")).extracting(StoredObject::key).containsExactly("kept");
    assertThat(store.find("kept")).contains("old".getBytes(UTF_8));
    assertThat(store.putIfAbsent("small", "fits".getBytes(UTF_8))).isTrue();
  }

  private static int run(String... command) throws Exception {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
