package io.fettle.activities.spec;

import io.fettle.activities.remote.RemoteFile;
import io.fettle.data.read.RowFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The files and folders of the data section. Folders of this machine are looked into here too, so
 * that what is wrong with them is known at once.
 */
final class RowPlaces {
  private static final String TRAIN = "data.train";
  private static final String TEST = "data.test";
  private static final String BENCHMARKS = "data.benchmarks";

  private final BiConsumer<String, String> refuse;

  /** Which entry of data.train stands for a file. */
  private final Map<String, String> entries = new HashMap<>();

  /**
   * @param refuse hears of a key and what is wrong with it
   */
  RowPlaces(BiConsumer<String, String> refuse) {
    this.refuse = refuse;
  }

  void train(String entry) {
    boolean isTold = false;
    for (String file : files(TRAIN, "has", entry)) {
      String other = entries.putIfAbsent(file, entry);
      if (other != null && !isTold) {
        refuse.accept(
            TRAIN, "has " + Problems.echo(file) + " twice; keep one" + inside(other, file));
        isTold = true;
      }
      if (other == null && entries.size() == RowFolder.MOST + 1) {
        refuse.accept(
            TRAIN,
            "has more than %,d files, those in its folders among them; put the rows into fewer, larger files"
                .formatted(RowFolder.MOST));
      }
    }
  }

  void test(String entry) {
    files(TEST, "is", entry).stream()
        .filter(entries::containsKey)
        .findFirst()
        .ifPresent(
            file ->
                refuse.accept(
                    TEST,
                    (file.equals(entry)
                            ? "is a file of data.train too"
                            : "has a file of data.train")
                        + "; a test row is never trained on"
                        + inside(entries.getOrDefault(file, file), file)));
  }

  void benchmark(String file) {
    if (!isFile(file))
      refuse.accept(BENCHMARKS, "has " + Problems.echo(file) + ", which is no file");
    if (entries.containsKey(file))
      refuse.accept(BENCHMARKS, "has " + Problems.echo(file) + ", whose rows are trained on");
  }

  /** What lies in a bucket is looked up by the run, with the credentials of its worker. */
  private static boolean isFile(String file) {
    return RemoteFile.isRemote(file) || Files.isRegularFile(Path.of(file));
  }

  private static String inside(String entry, String file) {
    return entry.equals(file) ? "" : ": it lies in the folder " + Problems.echo(entry);
  }

  private List<String> files(String key, String verb, String entry) {
    if (isFile(entry)) {
      return List.of(entry);
    }
    String what = verb + " " + Problems.echo(entry);
    try {
      if (Files.isDirectory(Path.of(entry))) {
        return RowFolder.of(Path.of(entry)).names().stream()
            .map(name -> Path.of(entry).resolve(name).toString())
            .toList();
      }
      refuse.accept(key, what + ", which is no file");
    } catch (IOException e) {
      refuse.accept(key, what + "; " + e.getMessage());
    }
    return List.of();
  }
}
