package io.fettle.activities.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvictionTest {
  private static final Duration LONG = Duration.ofDays(30);

  @TempDir Path folder;
  private ObjectStore store;
  private Path cache;

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.resolve("store").toUri());
    cache = folder.resolve("cache");
  }

  private Reference tree(String name, int bytes) throws IOException {
    var model = Files.createDirectories(folder.resolve("source-" + name));
    Files.writeString(model.resolve(name), name.repeat(bytes));
    return Staging.uploadTree(store, model, "objects");
  }

  private Path staged(Reference tree) throws IOException {
    var target = folder.resolve("work").resolve(tree.shortHash());
    Staging.stageTree(store, tree, cache, target);
    return target;
  }

  private void unstage(Path target) throws IOException {
    try (var files = Files.walk(target)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void lastUsed(Reference tree, Duration ago) throws IOException {
    for (var entry : Staging.manifest(store, tree).files()) {
      Files.getFileAttributeView(blob(entry.sha256()), BasicFileAttributeView.class)
          .setTimes(null, FileTime.from(Instant.now().minus(ago)), null);
    }
  }

  private Path blob(String sha256) {
    return cache.resolve("sha256").resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  /** First letters of what the cache has. */
  private Set<String> cached() throws IOException {
    var names = new TreeSet<String>();
    try (Stream<Path> files = Files.walk(cache)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        names.add(Files.readString(file).substring(0, 1));
      }
    }
    return names;
  }

  @Test
  void what_was_not_used_for_long_goes_and_what_was_used_again_stays() throws IOException {
    var old = tree("a", 100);
    var again = tree("b", 100);
    for (var tree : List.of(old, again)) {
      unstage(staged(tree));
      lastUsed(tree, Duration.ofDays(40));
    }
    unstage(staged(again));

    var evicted = Staging.evict(cache, new Staging.Limits(Long.MAX_VALUE, LONG));

    assertThat(evicted).isEqualTo(new Staging.Evicted(1, 100));
    assertThat(cached()).containsExactly("b");
  }

  @Test
  void of_too_much_the_longest_unused_goes() throws IOException {
    for (var name : List.of("a", "b", "c")) {
      var tree = tree(name, 100);
      unstage(staged(tree));
      lastUsed(tree, Duration.ofHours(name.equals("b") ? 3 : 1));
    }

    Staging.evict(cache, new Staging.Limits(250, LONG));

    assertThat(cached()).containsExactly("a", "c");
  }

  @Test
  void what_a_staged_folder_links_to_stays_whatever_the_limits() throws IOException {
    var tree = tree("a", 100);
    staged(tree);
    lastUsed(tree, Duration.ofDays(400));

    assertThat(Staging.evict(cache, new Staging.Limits(0, LONG)).count()).isZero();
    assertThat(cached()).containsExactly("a");
  }

  @Test
  void a_download_under_way_stays_and_one_that_was_left_goes() throws IOException {
    var parts = Files.createDirectories(cache.resolve("sha256/aa"));
    var young = Files.writeString(parts.resolve(".young.part"), "y");
    var left = Files.writeString(parts.resolve(".left.part"), "l");
    Files.setLastModifiedTime(left, FileTime.from(Instant.now().minus(Duration.ofDays(3))));

    Staging.evict(cache, new Staging.Limits(0, Duration.ZERO));

    assertThat(young).exists();
    assertThat(left).doesNotExist();
  }

  @Test
  void who_stages_while_another_one_evicts_gets_all_its_files() throws Exception {
    var tree = tree("a", 10_000);
    try (var threads = Executors.newFixedThreadPool(2)) {
      var evicting =
          threads.submit(
              (Callable<Boolean>)
                  () -> {
                    while (!Thread.interrupted()) {
                      Staging.evict(cache, new Staging.Limits(0, LONG));
                    }
                    return true;
                  });
      for (int round = 0; round < 200; round++) {
        var target = staged(tree);
        assertThat(target.resolve("a")).hasContent("a".repeat(10_000));
        unstage(target);
      }
      evicting.cancel(true);
    }
  }

  @Test
  void what_cannot_fit_is_refused_before_any_of_it_is_fetched() throws IOException {
    var huge =
        new TreeManifest(List.of(new TreeManifest.Entry("a", Long.MAX_VALUE / 4, "ab".repeat(32))));
    var tree = store.putBlob("objects", huge.encoded());

    assertThatIOException()
        .isThrownBy(() -> staged(tree))
        .withMessageContaining("more are needed to stage 1 files");
  }
}
