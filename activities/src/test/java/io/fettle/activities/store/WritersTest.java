package io.fettle.activities.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.Forked;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes on one file store, some of them killed in the middle of a write. */
class WritersTest {
  private static final int KEYS = 200;
  private static final int BYTES = 4_000_000;

  @TempDir Path folder;

  @Test
  void of_racing_processes_exactly_one_creates_each_object() throws Exception {
    List<Process> racers = new ArrayList<>();
    for (int racer = 0; racer < 3; racer++) {
      racers.add(Forked.java(Racer.class, folder.toUri().toString(), "racer" + racer));
    }
    List<String> won = new ArrayList<>();
    for (Process racer : racers) {
      racer.inputReader().lines().forEach(won::add);
      assertThat(racer.waitFor()).isZero();
    }
    assertThat(won).hasSize(KEYS);
    try (ObjectStore store = Stores.open(folder.toUri())) {
      for (String win : won) {
        assertThat(store.find(win.substring(0, win.indexOf(' '))).orElseThrow())
            .asString()
            .isEqualTo(win);
      }
    }
  }

  @Test
  void a_writer_killed_in_the_middle_of_a_write_leaves_nothing_that_can_be_seen() throws Exception {
    var random = new Random(7);
    try (ObjectStore store = Stores.open(folder.toUri())) {
      int cutShort = 0;
      for (int round = 0; round < 12 || cutShort == 0; round++) {
        Process writer = Forked.java(Writer.class, folder.toUri().toString());
        assertThat(writer.inputReader().readLine()).isEqualTo("writing");
        Thread.sleep(random.nextInt(30)); // where in a write the kill falls is left to chance
        writer.destroyForcibly().waitFor();
        for (StoredObject seen : store.list("")) {
          assertThat(isWhole(store.find(seen.key()).orElseThrow())).as(seen.key()).isTrue();
        }
        cutShort += leftovers();
      }
    }
  }

  private int leftovers() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(".tmp"))) {
      List<Path> left = files.toList();
      for (Path file : left) {
        Files.delete(file);
      }
      return left.size();
    }
  }

  private static byte[] whole(int seed) {
    byte[] body = new byte[BYTES];
    Arrays.fill(body, (byte) seed);
    return body;
  }

  private static boolean isWhole(byte[] body) {
    return body.length == BYTES && Arrays.equals(body, whole(body[0]));
  }

  static final class Racer {
    public static void main(String[] args) throws IOException {
      try (ObjectStore store = Stores.open(URI.create(args[0]))) {
        for (int n = 0; n < KEYS; n++) {
          String won = "leases/%06d %s".formatted(n, args[1]);
          if (store.putIfAbsent(
              "leases/%06d".formatted(n), won.getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
            System.out.println(won);
          }
        }
      }
    }
  }

  /** Overwrites and creates large objects until it is killed. */
  static final class Writer {
    public static void main(String[] args) throws IOException {
      try (ObjectStore store = Stores.open(URI.create(args[0]))) {
        store.put("overwritten", whole(0)); // past class loading, so that the kill falls in a write
        System.out.println("writing");
        for (int n = 0; n < 1_000; n++) {
          store.put("overwritten", whole(n));
          store.putIfAbsent("created/" + ProcessHandle.current().pid() + "-" + n % 5, whole(n));
          store.putBlob("runs/r/objects", whole(n % 7));
        }
      }
    }
  }
}
