package io.fettle.benchmarks.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores.Transfer;
import io.fettle.activities.store.conformance.Conformance;
import io.fettle.activities.store.conformance.Conformance.Check;
import io.fettle.benchmarks.servers.FaultyLink.Faults;
import io.fettle.cli.local.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Every promise of a store, on real servers, over a sound network and over one that breaks. */
@Tag("real")
@Timeout(300)
@Execution(ExecutionMode.CONCURRENT)
class StoreConformanceRealTest {
  private static final int LARGE = 30_000_000;
  private static final int MANY = 10;

  @TempDir static Path folder;

  private static final List<ObjectServer> SERVERS = new ArrayList<>();
  private static final List<AutoCloseable> OPEN = new CopyOnWriteArrayList<>();

  @BeforeAll
  static void start() throws Exception {
    var servers = new LocalServers(Home.current());
    SERVERS.add(servers.versity(Files.createDirectory(folder.resolve("versitygw"))));
    SERVERS.add(servers.s3Proxy(Files.createDirectory(folder.resolve("s3proxy"))));
    SERVERS.add(servers.gcs(Files.createDirectory(folder.resolve("gcs"))));
    OPEN.addAll(SERVERS);
  }

  @AfterAll
  static void stop() throws Exception {
    for (var each : OPEN.reversed()) {
      each.close();
    }
  }

  @TestFactory
  Stream<DynamicContainer> every_server_keeps_every_promise() throws IOException {
    var containers = new ArrayList<DynamicContainer>();
    for (var server : SERVERS) {
      containers.add(dynamicContainer(server.name(), checks(kept(server.open()))));
    }
    return containers.stream();
  }

  @TestFactory
  Stream<DynamicContainer> and_over_a_network_that_breaks() throws IOException {
    var containers = new ArrayList<DynamicContainer>();
    for (var server : SERVERS) {
      var link = new FaultyLink(server.endpoint(), Faults.BREAKING, 11);
      OPEN.add(link);
      var store = kept(server.open("", link.address(), server.sturdy()));
      var broke = dynamicTest("links did break", () -> assertThat(link.broken()).isPositive());
      containers.add(
          dynamicContainer(server.name(), Stream.concat(checks(store), Stream.of(broke))));
    }
    return containers.stream();
  }

  @TestFactory
  Stream<DynamicTest> a_large_download_over_a_network_that_breaks_is_whole() {
    return SERVERS.stream()
        .map(server -> dynamicTest(server.name(), () -> largeDownloadIsWhole(server)));
  }

  private static void largeDownloadIsWhole(ObjectServer server) throws Exception {
    var work = Files.createTempDirectory(folder, "large");
    var source = Files.write(work.resolve("source"), new byte[2 * LARGE]);
    try (var sound = server.open("large");
        var link = new FaultyLink(server.endpoint(), Faults.BREAKING, 13);
        var store = server.open("large", link.address(), Transfer.USUAL)) {
      var blob = sound.putBlob("objects", source);
      for (int round = 0; round < 5; round++) {
        Files.deleteIfExists(work.resolve("copy"));
        store.download(blob, work.resolve("copy"));
        assertThat(work.resolve("copy")).hasSameBinaryContentAs(source);
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> bytes_that_change_on_their_way_never_count() {
    return SERVERS.stream()
        .map(server -> dynamicTest(server.name(), () -> changedBytesNeverCount(server)));
  }

  /** Some calls fail then, with a sentence; whatever goes through is right. */
  private static void changedBytesNeverCount(ObjectServer server) throws Exception {
    var work = Files.createTempDirectory(folder, "flipped");
    var faults = new Faults(0, 0, 0, 0.5, LARGE);
    int through = 0;
    try (var link = new FaultyLink(server.endpoint(), faults, 12);
        var flipping = server.open("flipped", link.address(), Transfer.USUAL);
        var sound = server.open("flipped")) {
      for (int round = 0; round < 5; round++) {
        var body = new byte[LARGE];
        new Random(round).nextBytes(body);
        var source = Files.write(work.resolve("source"), body);
        try {
          var blob = flipping.putBlob("objects", source);
          assertThat(sound.copy(sound.key(blob.uri()), work.resolve("stored")))
              .isEqualTo(ObjectStore.Copied.VERIFIED);
          flipping.download(blob, work.resolve("copy"));
          assertThat(work.resolve("copy")).hasSameBinaryContentAs(source);
          through++;
        } catch (IOException told) {
          assertThat(told).hasMessageContaining("fettle-bucket");
        }
      }
      assertThat(link.broken()).isPositive();
    }
    assertThat(through).isPositive();
  }

  @Test
  void a_server_that_dies_and_comes_back_loses_nothing_that_it_confirmed() throws Exception {
    var work = Files.createTempDirectory(folder, "dying");
    var source = Files.write(work.resolve("source"), new byte[LARGE]);
    try (var server = new LocalServers(Home.current()).versity(work);
        var store = server.open("dying")) {
      var before = store.putBlob("before", source);
      var uploading = new FutureTask<>(() -> putMany(store, source));
      Thread.ofVirtual().start(uploading);
      server.dieAndComeBack(Duration.ofSeconds(2));
      uploading.get();
      for (var blob : List.of(before, store.putBlob("after", source))) {
        store.download(blob, work.resolve("copy"));
        assertThat(work.resolve("copy")).hasSameBinaryContentAs(source);
      }
      assertThat(store.list("many/")).hasSize(MANY);
    }
  }

  private static boolean putMany(ObjectStore store, Path source) throws IOException {
    for (int i = 0; i < MANY; i++) {
      store.upload("many/" + i, source);
    }
    return true;
  }

  @Test
  void a_server_that_falls_silent_holds_a_download_up_and_no_more() throws Exception {
    var server = SERVERS.getFirst();
    var work = Files.createTempDirectory(folder, "silent");
    var source = Files.write(work.resolve("source"), new byte[LARGE]);
    try (var sound = server.open("silent");
        var link = new FaultyLink(server.endpoint(), new Faults(0, 0, 0.3, 0, LARGE), 3);
        var store = server.open("silent", link.address(), Transfer.USUAL)) {
      var blob = sound.putBlob("objects", source);
      store.download(blob, work.resolve("copy"));
      assertThat(work.resolve("copy")).hasSameBinaryContentAs(source);
    }
  }

  private static ObjectStore kept(ObjectStore store) {
    OPEN.add(store);
    return store;
  }

  private static Stream<DynamicTest> checks(ObjectStore store) {
    return Conformance.all().stream().map(check -> test(store, check));
  }

  private static DynamicTest test(ObjectStore store, Check check) {
    return dynamicTest(
        check.name(), () -> check.run(store, Files.createTempDirectory(folder, "scratch")));
  }
}
