package io.fettle.activities.staging;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes blobs out of a cache, the longest unused first. One that a staged folder links to stays:
 * without its name in the cache it would take as much room.
 */
final class Eviction {
  private static final Logger log = LoggerFactory.getLogger(Eviction.class);

  /** What a download that never went on left behind. */
  private static final Duration ABANDONED = Duration.ofDays(2);

  private final Path cache;
  private int count;
  private long bytes;

  Eviction(Path cache) {
    this.cache = cache.toAbsolutePath().normalize().resolve("sha256");
  }

  private record Found(Path file, long bytes, Instant used, boolean isLinked, boolean isDraft) {
    static Found of(Path file) throws IOException {
      var is = Files.readAttributes(file, BasicFileAttributes.class);
      int links = ((Number) Files.getAttribute(file, "unix:nlink")).intValue();
      boolean isDraft = file.getFileName().toString().startsWith(".");
      var touched = isDraft ? is.lastModifiedTime() : is.lastAccessTime();
      return new Found(file, is.size(), touched.toInstant(), links > 1, isDraft);
    }
  }

  /** Until the limits hold, as far as what is in use allows. */
  Staging.Evicted keep(Staging.Limits limits, Instant now) throws IOException {
    var found = found();
    long kept = found.stream().mapToLong(Found::bytes).sum();
    for (var each : found) {
      var age = Duration.between(each.used(), now);
      boolean isOld = age.compareTo(each.isDraft() ? ABANDONED : limits.age()) > 0;
      if (isOld || (kept > limits.bytes() && !each.isDraft())) {
        kept -= removed(each);
      }
    }
    return told();
  }

  /**
   * Until so many bytes are free, as far as what is in use allows.
   *
   * @param kept names of blobs that are wanted right now
   */
  Staging.Evicted free(long wanted, Set<String> kept) throws IOException {
    long free = usable();
    for (var each : free >= wanted ? List.<Found>of() : found()) {
      boolean isWanted = each.isDraft() || kept.contains(each.file().getFileName().toString());
      if (free < wanted && !isWanted) {
        free += removed(each);
      }
    }
    return told();
  }

  long usable() throws IOException {
    return Files.getFileStore(Files.createDirectories(cache)).getUsableSpace();
  }

  private Staging.Evicted told() {
    if (count > 0) {
      log.info("took {} blobs of {} bytes out of {}", count, bytes, cache);
    }
    return new Staging.Evicted(count, bytes);
  }

  private long removed(Found each) throws IOException {
    if (each.isLinked() || !Files.deleteIfExists(each.file())) {
      return 0;
    }
    count++;
    bytes += each.bytes();
    return each.bytes();
  }

  /** The longest unused first. */
  private List<Found> found() throws IOException {
    var found = new ArrayList<Found>();
    if (!Files.isDirectory(cache)) {
      return found;
    }
    try (var folders = Files.newDirectoryStream(cache)) {
      for (var folder : folders) {
        add(folder, found);
      }
    }
    found.sort(Comparator.comparing(Found::used).thenComparing(Found::file));
    return found;
  }

  private static void add(Path folder, List<Found> found) throws IOException {
    try (var files = Files.newDirectoryStream(folder)) {
      for (var file : files) {
        find(file).ifPresent(found::add);
      }
    }
  }

  private static Optional<Found> find(Path file) throws IOException {
    try {
      return Optional.of(Found.of(file));
    } catch (NoSuchFileException e) { // taken out, or finished, by another one
      return Optional.empty();
    }
  }
}
