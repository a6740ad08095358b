package io.fettle.data.dvc;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A {@code .dvc} file: which data lies beside it, by hash.
 *
 * @param file the pointer itself
 * @param outs what it points to
 */
public record DvcPointer(Path file, List<Out> outs) {
  private static final int MOST_BYTES = 1 << 20;
  private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}(\\.dir)?");
  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  public DvcPointer {
    outs = List.copyOf(outs);
  }

  /**
   * A file or a folder.
   *
   * @param path where DVC puts it
   * @param md5 of the file, or of the list of a folder's files, which ends in {@code .dir}
   * @param size in bytes, a folder's files together; -1 where the pointer does not say
   * @param usesDos2unix whether text was hashed with its line ends made Unix's, as before DVC 3
   */
  public record Out(Path path, String md5, long size, boolean usesDos2unix) {
    /** Whether it is a folder. */
    public boolean isFolder() {
      return md5.endsWith(DvcFolder.SUFFIX);
    }
  }

  /** A pointer that is none, or whose data is not what it says. The message says what to run. */
  public static final class UnusablePointer extends IOException {
    UnusablePointer(String sentence) {
      super(sentence);
    }
  }

  /** Whether a file is called as a pointer is. */
  public static boolean isOne(Path file) {
    return String.valueOf(file.getFileName()).endsWith(".dvc");
  }

  /**
   * Reads a pointer; its data need not be there.
   *
   * @throws UnusablePointer where it is none, or names a path outside its folder
   */
  public static DvcPointer read(Path file) throws IOException {
    if (Files.size(file) > MOST_BYTES) {
      throw new UnusablePointer(file + " is larger than a DVC pointer can be");
    }
    JsonNode tree;
    try {
      tree = YAML.readTree(Files.readString(file));
    } catch (JsonProcessingException | CharacterCodingException e) {
      throw new UnusablePointer(file + " is no DVC pointer: it is not YAML, or names a key twice");
    }
    List<Out> outs = new ArrayList<>();
    for (JsonNode out : tree.path("outs")) {
      outs.add(out(file, tree.path("wdir").asText("."), out));
    }
    if (outs.isEmpty()) {
      throw new UnusablePointer(file + " is no DVC pointer: it names no outs");
    }
    return new DvcPointer(file, outs);
  }

  /**
   * The data files, in the order of the pointer and, in a folder, of their paths; each was hashed.
   *
   * @throws UnusablePointer where one is missing or another one than the pointer says
   */
  public List<Path> verified() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Out out : outs) {
      if (!Files.exists(out.path())) {
        throw new UnusablePointer(
            "%s, which %s points to, is not here; run `dvc pull %s`"
                .formatted(out.path(), file, file));
      }
      files.addAll(out.isFolder() ? checkedFolder(out) : List.of(file(out)));
    }
    return files;
  }

  private List<Path> checkedFolder(Out out) throws IOException {
    try {
      return folder(out);
    } catch (FileSystemLoopException e) {
      throw changed(out, e.getFile() + " links to a folder that it lies in");
    }
  }

  private List<Path> folder(Out out) throws IOException {
    if (!Files.isDirectory(out.path())) {
      throw changed(out, "it is no folder");
    }
    String md5 = DvcFolder.of(out.path(), Md5::of).md5();
    boolean same = md5.equals(out.md5());
    if (!same && out.usesDos2unix()) {
      same = DvcFolder.of(out.path(), DvcPointer::oldHash).md5().equals(out.md5());
    }
    if (!same) {
      throw changed(out, "its files have the MD5 %s, not %s".formatted(md5, out.md5()));
    }
    return DvcFolder.files(out.path());
  }

  private Path file(Out out) throws IOException {
    if (!Files.isRegularFile(out.path())) {
      throw changed(out, "it is no file");
    }
    long size = Files.size(out.path());
    if (out.size() >= 0 && out.size() != size) {
      throw changed(out, "it has %d bytes, not %d".formatted(size, out.size()));
    }
    String md5 = Md5.of(out.path());
    boolean same =
        md5.equals(out.md5()) || (out.usesDos2unix() && oldHash(out.path()).equals(out.md5()));
    if (!same) {
      throw changed(out, "it has the MD5 %s, not %s".formatted(md5, out.md5()));
    }
    return out.path();
  }

  private UnusablePointer changed(Out out, String how) {
    return new UnusablePointer(
        "%s is not what %s points to: %s; run `dvc checkout %s`, or `dvc add` it again"
            .formatted(out.path(), file, how, file));
  }

  /** DVC took a file for text where its start holds no NUL byte. */
  private static String oldHash(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      for (byte each : in.readNBytes(512)) {
        if (each == 0) {
          return Md5.of(file);
        }
      }
    }
    return Md5.ofLines(file);
  }

  private static Out out(Path file, String folder, JsonNode out) throws IOException {
    String md5 = out.path("md5").asText();
    String hash = out.path("hash").asText();
    if (!MD5.matcher(md5).matches() || !(hash.isEmpty() || hash.equals("md5"))) {
      throw new UnusablePointer(
          "%s has an out without an MD5; only data that `dvc add` or `dvc import` keeps by MD5 can be read"
              .formatted(file));
    }
    Path root = file.toAbsolutePath().normalize().resolveSibling(".").normalize();
    String name = out.path("path").asText();
    try {
      Path path = root.resolve(folder).resolve(name).normalize();
      if (name.isEmpty() || path.equals(root) || !path.startsWith(root)) {
        throw new UnusablePointer(
            "%s points to %s, which is not below its folder".formatted(file, name));
      }
      return new Out(path, md5, out.path("size").asLong(-1), hash.isEmpty());
    } catch (InvalidPathException e) {
      throw new UnusablePointer(file + " points to a path that no file can have");
    }
  }
}
