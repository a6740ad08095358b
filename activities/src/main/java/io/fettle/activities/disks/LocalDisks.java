package io.fettle.activities.disks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the disks that belong to the machine itself and go with it, by the model that the kernel
 * reads from them. A network volume is an NVMe device too on most clouds, and faster disks do not
 * always come first: names and order say nothing. Linux only; elsewhere there are none.
 */
public final class LocalDisks {
  private static final Logger log = LoggerFactory.getLogger(LocalDisks.class);

  /**
   * As the clouds' documents give them: EC2 instance store, GCP Local SSD, Azure local NVMe. EBS is
   * {@code Amazon Elastic Block Store}, a GCP volume {@code nvme_card-pd}.
   */
  private static final Pattern MODEL =
      Pattern.compile(
          "Amazon EC2 NVMe Instance Storage|nvme_card\\d*|Microsoft NVMe Direct Disk( v\\d+)?");

  private static final int DEVICE = 2;
  private static final int ROOT = 3;
  private static final int MOUNT_POINT = 4;

  private final Path root;

  /**
   * @param root where {@code proc/} and {@code sys/} are: {@code /}
   */
  public LocalDisks(Path root) {
    this.root = root;
  }

  /**
   * A file system on such disks alone: on one, on a part of one, or on an array of several.
   *
   * @param folder where it is mounted
   */
  public record Mounted(Path folder, String model, long free) {}

  /** Those that this user may write to, the one with the most room first. */
  public List<Mounted> usable() throws IOException {
    return mounted().stream()
        .filter(each -> Files.isWritable(each.folder()))
        .sorted(Comparator.comparingLong(Mounted::free).reversed())
        .toList();
  }

  /** All of them. */
  public List<Mounted> mounted() throws IOException {
    var found = new ArrayList<Mounted>();
    for (var line : lines(root.resolve("proc/self/mountinfo"))) {
      var words = line.split(" ", -1);
      if (words.length > MOUNT_POINT && words[ROOT].equals("/")) {
        var folder = Path.of(unescaped(words[MOUNT_POINT]));
        model(words[DEVICE]).flatMap(model -> mounted(folder, model)).ifPresent(found::add);
      }
    }
    return found;
  }

  /** The kernel's names of all such disks, mounted or not. */
  public List<String> names() throws IOException {
    var block = root.resolve("sys/block");
    if (!Files.isDirectory(block)) {
      return List.of();
    }
    var names = new ArrayList<String>();
    try (var all = Files.newDirectoryStream(block)) {
      for (var device : all) {
        if (model(device.toRealPath()).isPresent() && parts(device.toRealPath()).isEmpty()) {
          names.add(String.valueOf(device.getFileName()));
        }
      }
    }
    Collections.sort(names);
    return names;
  }

  /** Of those the ones that are neither mounted, nor cut into parts, nor in an array or volume. */
  public List<String> idle() throws IOException {
    var idle = new ArrayList<>(names());
    for (var line : lines(root.resolve("proc/self/mountinfo"))) {
      var words = line.split(" ", -1);
      var device = root.resolve("sys/dev/block").resolve(words[Math.min(DEVICE, words.length - 1)]);
      if (Files.exists(device)) {
        idle.remove(String.valueOf(device.toRealPath().getFileName()));
      }
    }
    for (var name : List.copyOf(idle)) {
      if (isTaken(root.resolve("sys/block").resolve(name))) {
        idle.remove(name);
      }
    }
    return idle;
  }

  private static boolean isTaken(Path disk) throws IOException {
    try (var parts = Files.newDirectoryStream(disk, disk.getFileName() + "p*")) {
      if (parts.iterator().hasNext()) {
        return true;
      }
    }
    var holders = disk.resolve("holders");
    if (!Files.isDirectory(holders)) {
      return false;
    }
    try (var all = Files.newDirectoryStream(holders)) {
      return all.iterator().hasNext();
    }
  }

  private static List<String> lines(Path file) throws IOException {
    try {
      return Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** The kernel writes a blank as {@code \040}. */
  private static String unescaped(String word) {
    return word.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
  }

  private static Optional<Mounted> mounted(Path folder, String model) {
    try {
      return Optional.of(new Mounted(folder, model, Files.getFileStore(folder).getUsableSpace()));
    } catch (IOException e) {
      log.warn("{} on {} cannot be used: {}", folder, model, e.toString());
      return Optional.empty();
    }
  }

  /**
   * Of a device and all that it is made of.
   *
   * @param number {@code major:minor}
   * @return empty unless it lies on local disks alone
   */
  private Optional<String> model(String number) throws IOException {
    var device = root.resolve("sys/dev/block").resolve(number);
    return Files.exists(device) ? model(device.toRealPath()) : Optional.empty();
  }

  private Optional<String> model(Path device) throws IOException {
    if (Files.exists(device.resolve("partition"))) {
      return model(device.resolveSibling(".").normalize());
    }
    var parts = parts(device);
    if (parts.isEmpty()) {
      var model = device.resolve("device/model");
      return Files.exists(model)
          ? Optional.of(Files.readString(model).strip())
              .filter(each -> MODEL.matcher(each).matches())
          : Optional.empty();
    }
    Optional<String> common = Optional.empty();
    for (var part : parts) {
      common = model(part);
      if (common.isEmpty()) {
        return common;
      }
    }
    return common;
  }

  /** What an array or a logical volume is made of. */
  private static List<Path> parts(Path device) throws IOException {
    var folder = device.resolve("slaves");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    var parts = new ArrayList<Path>();
    try (var links = Files.newDirectoryStream(folder)) {
      for (var link : links) {
        parts.add(link.toRealPath());
      }
    }
    return parts;
  }
}
