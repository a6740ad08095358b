package io.fettle.activities.staging;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.store.ObjectStore.Expected;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The files of a folder, sorted by path; itself a blob, {@code
 * {"files":[{"path","bytes","sha256","crc32c"?}...]}}.
 */
public record TreeManifest(List<Entry> files) {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
  private static final Pattern CRC32C = Pattern.compile("[0-9a-f]{8}");
  private static final int LONGEST_PATH = 1_024;

  public TreeManifest {
    files = files.stream().sorted(Comparator.comparing(Entry::path)).toList();
  }

  /**
   * One file.
   *
   * @param path relative to the folder, with slashes
   * @param crc32c of each chunk of 8 MiB, where there are several; none in older manifests
   */
  public record Entry(
      String path,
      long bytes,
      String sha256,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> crc32c) {
    public Entry {
      crc32c = List.copyOf(crc32c);
    }

    Entry(String path, long bytes, String sha256) {
      this(path, bytes, sha256, List.of());
    }

    /** What a download of it may know beforehand. */
    public Expected expected() {
      return new Expected(bytes, crc32c);
    }
  }

  /** The size of all files together. */
  public long bytes() {
    return files.stream().mapToLong(Entry::bytes).sum();
  }

  byte[] encoded() throws IOException {
    return Wire.mapper().writeValueAsBytes(this);
  }

  /**
   * Reads a manifest that anybody may have written: a path that would leave the folder, or two
   * files of one name, end here.
   *
   * @throws IOException a sentence, if it is not a whole manifest
   */
  static TreeManifest decoded(byte[] bytes) throws IOException {
    JsonNode files = parsed(bytes).path("files");
    if (!files.isArray()) {
      throw refused("it has no list of files");
    }
    List<Entry> entries = new ArrayList<>();
    for (JsonNode file : files) {
      entries.add(entry(file));
    }
    refuseClashes(entries);
    return new TreeManifest(entries);
  }

  private static JsonNode parsed(byte[] bytes) throws IOException {
    try {
      return Wire.mapper().readTree(bytes);
    } catch (IOException e) {
      throw refused("it is no JSON");
    }
  }

  private static Entry entry(JsonNode file) throws IOException {
    String path = file.path("path").asText();
    String sha256 = file.path("sha256").asText();
    if (!file.path("path").isTextual() || !isInside(path)) {
      throw refused("'%.100s' is no path inside a folder".formatted(path));
    }
    if (!file.path("bytes").canConvertToLong()
        || !file.path("bytes").isIntegralNumber()
        || file.path("bytes").asLong() < 0) {
      throw refused(path + " has no size");
    }
    if (!SHA256.matcher(sha256).matches()) {
      throw refused(path + " has no sha256");
    }
    long bytes = file.path("bytes").asLong();
    return new Entry(path, bytes, sha256, sums(file.path("crc32c"), path, bytes));
  }

  private static List<String> sums(JsonNode listed, String path, long bytes) throws IOException {
    if (listed.isMissingNode()) {
      return List.of();
    }
    List<String> sums = new ArrayList<>();
    listed.forEach(sum -> sums.add(sum.asText()));
    if (sums.size() != Expected.chunks(bytes)
        || !sums.stream().allMatch(sum -> CRC32C.matcher(sum).matches())) {
      throw refused(path + " has sums of other chunks");
    }
    return sums;
  }

  static boolean isInside(String path) {
    if (path.isEmpty() || path.length() > LONGEST_PATH || path.indexOf('\0') >= 0) {
      return false;
    }
    for (String segment : path.split("/", -1)) {
      if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
        return false;
      }
    }
    return true;
  }

  private static void refuseClashes(List<Entry> entries) throws IOException {
    Set<String> taken = new HashSet<>();
    for (Entry entry : entries) {
      if (!taken.add(entry.path())) {
        throw refused(entry.path() + " is there twice");
      }
    }
    for (Entry entry : entries) {
      for (int slash = entry.path().indexOf('/');
          slash > 0;
          slash = entry.path().indexOf('/', slash + 1)) {
        if (taken.contains(entry.path().substring(0, slash))) {
          throw refused(entry.path().substring(0, slash) + " is a file and a folder");
        }
      }
    }
  }

  private static IOException refused(String reason) {
    return new IOException("tree manifest refused: " + reason);
  }
}
