package io.fettle.activities.machine;

import static io.fettle.activities.machine.HostCheck.Finding.missing;
import static io.fettle.activities.machine.HostCheck.Finding.note;
import static io.fettle.activities.machine.HostCheck.Finding.ok;

import io.fettle.activities.disks.LocalDisks;
import io.fettle.activities.disks.Scratch;
import io.fettle.activities.machine.HostCheck.Finding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;

/** Where a host works: the machine's own NVMe, how fast it takes a checkpoint, shared memory. */
final class HostDisks {
  private static final int MIB = 1 << 20;
  private static final int BLOCK = 8 * MIB;
  private static final int BLOCKS = 16;
  private static final double MEGABYTE = 1e6;
  private static final double GIGABYTE = 1e9;

  /** A checkpoint of an adapter then takes a second or two; training stands still for it. */
  private static final double SLOW = 100 * MEGABYTE;

  private static final double SHARED_NEEDED = GIGABYTE;

  private final Path root;
  private final Path work;
  private final LocalDisks disks;

  HostDisks(Path root, Path work) {
    this.root = root;
    this.work = work;
    this.disks = new LocalDisks(root);
  }

  List<Finding> findings() throws IOException {
    return List.of(nvme(), write(), sharedMemory());
  }

  /** For a shape whose machines all have disks of their own. */
  Finding needed() throws IOException {
    return disks.usable().isEmpty()
        ? missing(
            "own disks",
            disks.names().isEmpty()
                ? "none, and this shape has some"
                : "none that the agent may write to: " + String.join(", ", disks.names()),
            "infra/launch/nvme mounts them; see the log of fettle-host.service")
        : ok("own disks", disks.usable().size() + " in use");
  }

  private Finding nvme() throws IOException {
    var all = disks.names();
    var mounted = disks.mounted();
    var mount = "as root: infra/launch/nvme /mnt/fettle";
    if (all.isEmpty()) {
      return note("nvme", "no disk of the machine's own", "hosts work on the root volume");
    }
    if (mounted.isEmpty()) {
      return missing("nvme", "not mounted: " + String.join(", ", all), mount);
    }
    var found =
        mounted.stream()
            .map(
                each ->
                    String.format(
                        Locale.ROOT, "%s, %.0f GB free", each.folder(), each.free() / GIGABYTE))
            .collect(Collectors.joining("; ", all.size() + " disks: ", ""));
    var idle = disks.idle();
    return idle.isEmpty()
        ? ok("nvme", found)
        : note("nvme", found + "; in no use: " + String.join(", ", idle), mount);
  }

  /** Where the agent would work: see its choice of a folder. */
  private Path place() throws IOException {
    var usable = disks.usable();
    var place = usable.isEmpty() ? work : usable.getFirst().folder();
    while (!Files.isDirectory(place) && place.getParent() != null) {
      place = place.getParent();
    }
    return place;
  }

  private Finding write() throws IOException {
    var place = place();
    try (var scratch = Scratch.in(place, "host-check")) {
      double rate = rate(scratch.folder().resolve("file"));
      var found = String.format(Locale.ROOT, "%.0f MB/s to %s", rate / MEGABYTE, place);
      return rate < SLOW
          ? note("write", found, "training stands still while a checkpoint is written")
          : ok("write", found);
    } catch (IOException e) {
      return missing("write", place + " cannot be written: " + e, "give it to the agent's user");
    }
  }

  /** Bytes a second, on the disk and not in memory. */
  private static double rate(Path file) throws IOException {
    var bytes = new byte[BLOCK];
    new Random(1).nextBytes(bytes); // some disks compress
    long start = System.nanoTime();
    try (var channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int block = 0; block < BLOCKS; block++) {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }
      channel.force(true);
    }
    return (double) BLOCK * BLOCKS / (System.nanoTime() - start) * 1e9;
  }

  private Finding sharedMemory() throws IOException {
    var folder = root.resolve("dev/shm");
    if (!Files.isDirectory(folder)) {
      return note("shared memory", "no /dev/shm", "loaders and NCCL use it on Linux");
    }
    double total = Files.getFileStore(folder).getTotalSpace();
    var found = String.format(Locale.ROOT, "%.1f GB", total / GIGABYTE);
    return total < SHARED_NEEDED
        ? missing(
            "shared memory",
            found,
            "loaders and NCCL need a GB: docker run --shm-size=8g, or an emptyDir of medium Memory")
        : ok("shared memory", found);
  }
}
