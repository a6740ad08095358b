package io.fettle.benchmarks.stores;

import io.fettle.activities.disks.Folders;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.ObjectStore.Expected;
import io.fettle.activities.store.Stores.Transfer;
import io.fettle.benchmarks.Benchmark;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.servers.CountingLink;
import io.fettle.benchmarks.servers.LocalServers;
import io.fettle.benchmarks.servers.ObjectServer;
import io.fettle.benchmarks.stores.StagingChild.Told;
import io.fettle.benchmarks.stores.Stagings.Job;
import io.fettle.cli.local.Home;
import io.fettle.workflows.wire.Reference;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * From a local S3 server to this disk: one large file and many small ones, beside s5cmd and rclone;
 * again on the same host; and killed on the way.
 */
public final class StagingBenchmark implements Benchmark {
  private static final long LARGE = 1L << 30;
  private static final int SMALL = 10_000;
  private static final int SMALL_BYTES = 64 << 10;
  private static final int ROUNDS = 5;

  private static final long KILLED_BYTES = 256L << 20;

  /** So that a kill meets a download, and not a start. */
  private static final long KILLED_PACE = 100L << 20;

  /** Of one download at the most: it must come to its end, which hashes all of it. */
  private static final int DEATHS = 4;

  private static final int KILLS = 100;
  private static final int QUICK_KILLS = 5;
  private static final int MOST_RESIDENT = 512;

  private final Home home = Home.current();

  @Override
  public String name() {
    return "staging";
  }

  @Override
  public String summary() {
    return "1 GiB and 10,000 small files from S3 to disk, verified, beside s5cmd and rclone";
  }

  @Override
  public List<Row> measure(Effort effort, Consumer<Row> known) throws Exception {
    var folder = Files.createTempDirectory("fettle-bench-staging");
    var rows = new ArrayList<Row>();
    Consumer<Row> tell = known.andThen(rows::add);
    try (var server =
        new LocalServers(home).versity(Files.createDirectory(folder.resolve("server")))) {
      var bench = new Stage(server, folder);
      if (effort.isQuick()) {
        tell.accept(Row.skipped("large_file_ratio_fastest_peer", "timed; not in --quick"));
        tell.accept(Row.skipped("small_files_ratio_fastest_peer", "timed; not in --quick"));
        tell.accept(Row.skipped("rss_mb", "of the large ones; not in --quick"));
        tell.accept(bench.again());
      } else {
        bench.timed(tell);
      }
      tell.accept(bench.killed(effort.isQuick() ? QUICK_KILLS : KILLS));
    } finally {
      Folders.delete(folder);
    }
    return rows;
  }

  /** What all rows share. */
  private final class Stage {
    private final ObjectServer server;
    private final Path folder;
    private final Stagings stagings;

    Stage(ObjectServer server, Path folder) {
      this.server = server;
      this.folder = folder;
      this.stagings = new Stagings(server);
    }

    // --- What is staged

    /** Under {@code name/files} for the peers, as a tree for us. */
    private Reference uploaded(String name, long files, long bytes) throws IOException {
      var source = Files.createDirectories(folder.resolve(name));
      var random = new Random(files);
      for (int file = 0; file < files; file++) {
        write(source.resolve("file-%05d".formatted(file)), bytes, random);
      }
      try (var store = server.open()) {
        var tree = Staging.uploadTree(store, source, name + "/objects");
        copy(store, source, name + "/files");
        return tree;
      }
    }

    private static void write(Path file, long bytes, Random random) throws IOException {
      var buffer = new byte[1 << 16];
      try (var out = new BufferedOutputStream(Files.newOutputStream(file))) {
        for (long left = bytes; left > 0; left -= buffer.length) {
          random.nextBytes(buffer);
          out.write(buffer, 0, (int) Math.min(left, buffer.length));
        }
      }
    }

    private static void copy(ObjectStore store, Path source, String prefix) throws IOException {
      try (var files = Files.list(source)) {
        for (var file : files.sorted().toList()) {
          store.upload(prefix + "/" + file.getFileName(), file);
        }
      }
    }

    private Job job(Reference tree, Path cache, Path target) {
      return new Job(server.endpoint(), 0, tree, cache, target);
    }

    // --- Rows

    void timed(Consumer<Row> tell) throws Exception {
      for (var peer : Peer.values()) {
        peer.prepare(home);
      }
      var large = uploaded("large", 1, LARGE);
      var first = rounds("large", large);
      tell.accept(ratio("large_file_ratio_fastest_peer", first, LARGE));
      var small = uploaded("small", SMALL, SMALL_BYTES);
      var second = rounds("small", small);
      tell.accept(ratio("small_files_ratio_fastest_peer", second, (long) SMALL * SMALL_BYTES));
      tell.accept(
          Row.measured(
                  "rss_mb", (double) Math.max(first.resident, second.resident), "MB", 2 * ROUNDS)
              .atMost(MOST_RESIDENT)
              .note("the staging process at its most"));
      tell.accept(
          Row.measured("warm_host_bytes", (double) (first.warm + second.warm), "B", 2 * ROUNDS)
              .atMost(0)
              .control((double) LARGE + (double) SMALL * SMALL_BYTES)
              .note("fetched by a second process on the same host; control: an empty cache"));
    }

    /**
     * Interleaved and in turn the first, so that what drifts meets all; each begins with nothing.
     */
    private Measured rounds(String name, Reference tree) throws Exception {
      var measured = new Measured();
      for (int round = 0; round < ROUNDS; round++) {
        if (round % 2 == 0) {
          ours(tree, measured);
        }
        peers(name, measured);
        if (round % 2 == 1) {
          ours(tree, measured);
        }
      }
      return measured;
    }

    private void peers(String name, Measured measured) throws Exception {
      for (var peer : Peer.values()) {
        measured
            .peers
            .computeIfAbsent(peer, _ -> new ArrayList<>())
            .add(peer.run(home, server, name + "/files", fresh()));
      }
    }

    private void ours(Reference tree, Measured measured) throws Exception {
      var host = fresh();
      var cache = host.resolve("cache");
      measured.add(stagings.run(job(tree, cache, host.resolve("first"))));
      measured.warm += stagings.run(job(tree, cache, host.resolve("second"))).fetched();
    }

    /**
     * A folder that stays until the end: ext4 looks at each inode that was deleted lately before it
     * gives one out, so that whoever comes after a deletion would pay for it.
     */
    private Path fresh() throws IOException {
      return Files.createTempDirectory(folder, "host");
    }

    private static Row ratio(String name, Measured measured, long bytes) {
      double ours = median(measured.ours);
      double fastest = Double.MAX_VALUE;
      var note = new StringBuilder("%.0f MB/s verified".formatted((double) bytes / ours / 1e6));
      for (var peer : measured.peers.entrySet()) {
        double theirs = median(peer.getValue());
        fastest = Math.min(fastest, theirs);
        note.append(
            "; %s %.0f MB/s"
                .formatted(
                    peer.getKey().name().toLowerCase(Locale.ROOT), (double) bytes / theirs / 1e6));
      }
      return Row.measured(name, fastest / ours, "", ROUNDS).atLeast(1).note(note.toString());
    }

    private static double median(List<Double> seconds) {
      return seconds.stream().sorted().toList().get(seconds.size() / 2);
    }

    /** For {@code --quick}: some files twice. */
    Row again() throws Exception {
      var tree = uploaded("few", 20, 1_000_000);
      var cache = folder.resolve("cache");
      var cold = stagings.run(job(tree, cache, folder.resolve("first")));
      var warm = stagings.run(job(tree, cache, folder.resolve("second")));
      Folders.delete(cache);
      return Row.measured("warm_host_bytes", (double) warm.fetched(), "B", 1)
          .atMost(0)
          .control((double) cold.fetched());
    }

    /** One download after another is killed at random points, and goes on until it is whole. */
    Row killed(int kills) throws Exception {
      var tree = uploaded("killed", 1, KILLED_BYTES);
      var random = new Random(5);
      int worst = 0;
      int done = 0;
      int downloads = 0;
      try (var link = new CountingLink(server.endpoint())) {
        while (done < kills) {
          var cache = folder.resolve("cache");
          var job = new Job(link.address(), KILLED_PACE, tree, cache, folder.resolve("first"));
          var asked = new HashSet<Long>();
          var process = stagings.start(job);
          for (int left = 1 + random.nextInt(DEATHS);
              left > 0 && !process.waitFor(700 + random.nextInt(1_500), TimeUnit.MILLISECONDS);
              left--) {
            process.destroyForcibly().waitFor();
            done++;
            var before = link.taken();
            worst = Math.max(worst, again(before, asked));
            asked.addAll(before);
            process = stagings.start(job);
          }
          process.waitFor();
          worst = Math.max(worst, again(link.taken(), asked));
          if (process.exitValue() != 0) {
            throw new IOException("a download that goes on ended with " + process.exitValue());
          }
          downloads++;
          Folders.delete(cache);
          Folders.delete(folder.resolve("first"));
        }
      }
      double streams = Transfer.USUAL.streams();
      return Row.measured("refetched_chunks_max", Math.ceil(worst / streams), "", done)
          .atMost(1)
          .control(Math.ceil(KILLED_BYTES / (double) Expected.CHUNK / streams))
          .note(
              "a stream after one kill; %d downloads ended whole and verified, at most %d chunks over %.0f streams; control: begin again"
                  .formatted(downloads, worst, streams));
    }

    private static int again(List<Long> ranges, Set<Long> asked) {
      return (int) ranges.stream().filter(asked::contains).count();
    }
  }

  /** Of one input. */
  private static final class Measured {
    private final Map<Peer, List<Double>> peers = new EnumMap<>(Peer.class);
    private final List<Double> ours = new ArrayList<>();
    private long resident;
    private long warm;

    void add(Told told) {
      ours.add(told.seconds());
      resident = Math.max(resident, told.residentMegabytes());
    }
  }
}
