package io.fettle.activities.training.shards;

import io.fettle.activities.staging.TreeManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The training rows of a dataset in shards: {@code train/index.json} and its files beside it. */
public final class Shards {
  /** Its path in a dataset. */
  public static final String INDEX = "train/index.json";

  private static final String FOLDER = "train/";
  private static final String ROWS = ".jsonl";

  private Shards() {}

  /** Whether a file of a dataset is one. */
  public static boolean isShard(String path) {
    return path.startsWith(FOLDER) && path.endsWith(ROWS);
  }

  static String name(TreeManifest.Entry entry) {
    return entry.path().substring(FOLDER.length());
  }

  /** Whether a staged dataset has an index of shards, and no shard. */
  public static boolean isLeftOut(Path dataset) throws IOException {
    if (!Files.exists(dataset.resolve(INDEX))) {
      return false;
    }
    try (var files = Files.newDirectoryStream(dataset.resolve(FOLDER), "*" + ROWS)) {
      return !files.iterator().hasNext();
    }
  }

  /** Of all shards together; 0 where the rows are in one file. */
  public static long bytes(TreeManifest dataset) {
    return dataset.files().stream()
        .filter(entry -> isShard(entry.path()))
        .mapToLong(TreeManifest.Entry::bytes)
        .sum();
  }
}
