package io.fettle.cli.command;

import io.fettle.activities.disks.Folders;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.cli.runs.Records;
import io.fettle.cli.runs.Runs;
import io.fettle.data.dvc.DvcPointer;
import io.fettle.data.version.DatasetReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a command of {@code fettle data} was pointed at.
 *
 * @param said as the user wrote it
 * @param dataset where it is one with a manifest
 * @param files of rows; empty where it is such a dataset
 * @param scratch a folder of ours to delete at the end
 */
record DataPlace(
    String said, Optional<DatasetReader> dataset, List<Path> files, Optional<Path> scratch)
    implements AutoCloseable {
  private static final String ROWS = ".+\\.(jsonl|ndjson|json|csv|parquet)(\\.gz|\\.zst)?";

  /**
   * A file, a folder, a DVC pointer, or the dataset of a run.
   *
   * @throws CommandFailure where it is none of these
   */
  static DataPlace of(String said) {
    try {
      Path path = Path.of(said);
      if (Files.exists(path)) {
        return at(said, path, Optional.empty());
      }
      boolean isRun = path.getNameCount() == 1 && !said.contains(".");
      if (isRun) {
        return ofRun(said);
      }
    } catch (InvalidPathException e) {
      throw new CommandFailure(ExitCode.INVALID, "%s: not a path".formatted(said), e);
    } catch (IOException e) {
      throw failure(e);
    }
    throw new CommandFailure(
        ExitCode.INVALID,
        "nothing is at %s; give a file of rows, a folder, a .dvc file or a run".formatted(said));
  }

  /** The engine's own sentence. */
  static CommandFailure failure(IOException failed) {
    return new CommandFailure(ExitCode.INVALID, String.valueOf(failed.getMessage()), failed);
  }

  /**
   * The dataset that is here.
   *
   * @throws CommandFailure where rows lie here without a manifest
   */
  DatasetReader required() {
    return dataset.orElseThrow(
        () ->
            new CommandFailure(
                ExitCode.INVALID,
                "%s is no dataset: it has no manifest.json; `fettle data inspect` shows what it holds"
                    .formatted(said)));
  }

  @Override
  public void close() {
    scratch.ifPresent(
        folder -> {
          try {
            Folders.delete(folder);
          } catch (IOException e) {
            throw failure(e);
          }
        });
  }

  private static DataPlace at(String said, Path path, Optional<Path> scratch) throws IOException {
    if (DatasetReader.isDataset(path)) {
      return new DataPlace(said, Optional.of(DatasetReader.open(path)), List.of(), scratch);
    }
    if (Files.isDirectory(path)) {
      return new DataPlace(said, Optional.empty(), filesOf(said, path), scratch);
    }
    if (!DvcPointer.isOne(path)) {
      return new DataPlace(said, Optional.empty(), List.of(path), scratch);
    }
    var pointer = DvcPointer.read(path);
    var files = pointer.verified();
    var out = pointer.outs().getFirst();
    return pointer.outs().size() == 1 && out.isFolder()
        ? at(said, out.path(), scratch)
        : new DataPlace(said, Optional.empty(), files, scratch);
  }

  /** Training rows in several files have the first of them a second time, as one file. */
  private static List<Path> filesOf(String said, Path folder) throws IOException {
    List<Path> files = rows(folder);
    if (Files.exists(folder.resolve("train/index.json"))) {
      List<Path> others = files.stream().filter(file -> !file.endsWith("train.jsonl")).toList();
      files = Stream.concat(rows(folder.resolve("train")).stream(), others.stream()).toList();
    }
    if (files.isEmpty()) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "%s holds no rows: no .jsonl, .json, .csv or .parquet, packed or not".formatted(said));
    }
    return files;
  }

  private static List<Path> rows(Path folder) throws IOException {
    try (var all = Files.list(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> String.valueOf(file.getFileName()).matches(ROWS))
          .filter(file -> !file.endsWith("report.json") && !file.endsWith("index.json"))
          .sorted()
          .toList();
    }
  }

  private static DataPlace ofRun(String run) throws IOException {
    var cluster = LocalCluster.current(Progress.silent());
    String id;
    try (var connection = cluster.connect()) {
      id = new Runs(connection.client()).named(run).id();
    }
    Path scratch = Files.createTempDirectory("fettle-data-");
    try (var records = Records.in(cluster.store())) {
      var dataset =
          records
              .required(id)
              .document("dataset")
              .orElseThrow(
                  () ->
                      new CommandFailure(ExitCode.INVALID, id + " ended before it had a dataset"));
      records.copy(dataset, scratch.resolve("cache"), scratch.resolve("dataset"));
      return at(run, scratch.resolve("dataset"), Optional.of(scratch));
    } catch (CommandFailure | IOException e) {
      Folders.delete(scratch);
      throw e;
    }
  }
}
