package io.fettle.data.dvc;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A folder as DVC hashes it: the MD5 of a list of its files, byte for byte as Python's {@code
 * json.dumps} writes that list, in the order of the files' paths name by name.
 */
record DvcFolder(List<Entry> entries) {
  static final String SUFFIX = ".dir";

  private static final Comparator<byte[]> BY_BYTES = Arrays::compareUnsigned;

  DvcFolder {
    entries = List.copyOf(entries);
  }

  /** A file below the folder, its path with slashes. */
  record Entry(String md5, String path, long bytes) {}

  /** Hashes or stores one file. */
  interface Hashing {
    String md5(Path file) throws IOException;
  }

  /** Every file below, hidden ones too; links are followed, as DVC may check out links. */
  static DvcFolder of(Path folder, Hashing hashing) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (Path file : files(folder)) {
      entries.add(new Entry(hashing.md5(file), relative(folder, file), Files.size(file)));
    }
    return new DvcFolder(entries);
  }

  static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      return all.filter(Files::isRegularFile)
          .sorted((a, b) -> compare(folder.relativize(a), folder.relativize(b)))
          .toList();
    } catch (UncheckedIOException e) { // while it walks
      throw e.getCause();
    }
  }

  /** Of the list, with DVC's suffix. */
  String md5() {
    return Md5.of(json()) + SUFFIX;
  }

  long bytes() {
    return entries.stream().mapToLong(Entry::bytes).sum();
  }

  byte[] json() {
    String list =
        entries.stream()
            .map(
                entry ->
                    "{\"md5\": \"%s\", \"relpath\": %s}"
                        .formatted(entry.md5(), quoted(entry.path())))
            .collect(Collectors.joining(", ", "[", "]"));
    return list.getBytes(StandardCharsets.US_ASCII);
  }

  /** A JSON text in ASCII, as Python escapes it. */
  static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      switch (letter) {
        case '"', '\\' -> quoted.append('\\').append(letter);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\b' -> quoted.append("\\b");
        case '\f' -> quoted.append("\\f");
        default -> {
          boolean plain = letter >= ' ' && letter <= '\u007f';
          quoted.append(plain ? String.valueOf(letter) : "\\u%04x".formatted((int) letter));
        }
      }
    }
    return quoted.append('"').toString();
  }

  private static String relative(Path folder, Path file) {
    List<String> names = new ArrayList<>();
    folder.relativize(file).forEach(name -> names.add(name.toString()));
    return String.join("/", names);
  }

  private static int compare(Path a, Path b) {
    for (int i = 0; i < Math.min(a.getNameCount(), b.getNameCount()); i++) {
      int order = BY_BYTES.compare(bytes(a.getName(i)), bytes(b.getName(i)));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.getNameCount(), b.getNameCount());
  }

  private static byte[] bytes(Path name) {
    return name.toString().getBytes(StandardCharsets.UTF_8);
  }
}
