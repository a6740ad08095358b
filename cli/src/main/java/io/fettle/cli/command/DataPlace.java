package io.fettle.cli.command;

import io.fettle.activities.data.RowList;
import io.fettle.activities.disks.Folders;
import io.fettle.activities.remote.RemoteFile;
import io.fettle.activities.store.Stores.Access;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.data.NamedRows;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.cli.runs.Records;
import io.fettle.cli.runs.Runs;
import io.fettle.data.dvc.DvcPointer;
import io.fettle.data.prepare.NamedFiles;
import io.fettle.data.prepare.NamedFiles.NamedFile;
import io.fettle.data.prepare.Part;
import io.fettle.data.read.RowFolder;
import io.fettle.data.version.DatasetManifest.Origin;
import io.fettle.data.version.DatasetReader;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a command of {@code fettle data} was pointed at.
 *
 * @param said as the user wrote it
 * @param dataset where it is one with a manifest
 * @param files of rows; empty where it is such a dataset
 * @param leftOut what else a folder holds, in words
 * @param scratch a folder of ours to delete at the end
 */
record DataPlace(
    String said,
    Optional<DatasetReader> dataset,
    List<NamedFile> files,
    String leftOut,
    Optional<Path> scratch)
    implements AutoCloseable {
  private static final String INDEX = "train/index.json";

  /**
   * A file, a folder, a DVC pointer, or the dataset of a run.
   *
   * @throws CommandFailure where it is none of these
   */
  static DataPlace of(String said) {
    try {
      Path path = RemoteFile.local(said);
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

  /** The same, or files of rows in a bucket. */
  static DataPlace of(String said, Supplier<Access> access) {
    if (!RemoteFile.isRemote(said)) {
      return of(said);
    }
    var rows = NamedRows.of(List.of(said), Optional.empty(), access);
    var leftOut =
        rows.folders().stream().map(RowList.Folder::leftOut).collect(Collectors.joining("; "));
    return new DataPlace(
        said, Optional.empty(), rows.files(), leftOut, Optional.of(rows.scratch()));
  }

  /** The engine's own sentence. */
  static CommandFailure failure(IOException failed) {
    if (failed instanceof NoSuchFileException gone) {
      return new CommandFailure(ExitCode.INVALID, "there is no file " + gone.getFile(), gone);
    }
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
      return new DataPlace(said, Optional.of(DatasetReader.open(path)), List.of(), "", scratch);
    }
    if (isOfAnEarlierRun(path)) {
      return new DataPlace(said, Optional.of(earlier(path)), List.of(), "", scratch);
    }
    if (Files.isDirectory(path)) {
      RowFolder found = RowFolder.of(path);
      return new DataPlace(
          said, Optional.empty(), within(path, found.names()), found.leftOut(), scratch);
    }
    if (!DvcPointer.isOne(path)) {
      return new DataPlace(said, Optional.empty(), List.of(named(path)), "", scratch);
    }
    return pointed(said, DvcPointer.read(path), scratch);
  }

  /** What DVC has checked out may be links to its cache. */
  private static DataPlace pointed(String said, DvcPointer pointer, Optional<Path> scratch)
      throws IOException {
    List<Path> files = pointer.verified();
    var first = pointer.outs().getFirst();
    if (pointer.outs().size() > 1 || !first.isFolder()) {
      List<NamedFile> named = files.stream().map(DataPlace::named).toList();
      return new DataPlace(said, Optional.empty(), named, "", scratch);
    }
    Path out = first.path();
    if (DatasetReader.isDataset(out) || isOfAnEarlierRun(out)) {
      return at(said, out, scratch);
    }
    List<String> names =
        files.stream()
            .map(file -> out.relativize(file).toString())
            .filter(RowFolder::isRows)
            .sorted()
            .toList();
    return new DataPlace(said, Optional.empty(), within(out, names), "", scratch);
  }

  private static NamedFile named(Path file) {
    return new NamedFile(file, String.valueOf(file.getFileName()));
  }

  private static List<NamedFile> within(Path folder, List<String> names) {
    return names.stream().map(name -> new NamedFile(folder.resolve(name), name)).toList();
  }

  /** Runs of earlier releases wrote the parts and a report, and no manifest. */
  private static boolean isOfAnEarlierRun(Path folder) {
    return Files.exists(folder.resolve("report.json"))
        && Arrays.stream(Part.values()).allMatch(part -> Files.exists(folder.resolve(part.file())));
  }

  private static DatasetReader earlier(Path folder) throws IOException {
    var parts = new LinkedHashMap<String, List<String>>();
    for (Part part : Part.values()) {
      parts.put(part.word(), List.of(part.file()));
    }
    if (Files.exists(folder.resolve(INDEX))) { // train.jsonl is the first of several, once more
      parts.put(
          Part.TRAIN.word(),
          shards(folder.resolve("train")).stream()
              .map(file -> folder.relativize(file).toString())
              .toList());
    }
    var nothing = Wire.mapper().createObjectNode();
    return DatasetReader.withoutManifest(
        folder, parts, new Origin(List.of(), List.of(), nothing, "", "", "", ""));
  }

  private static List<Path> shards(Path folder) throws IOException {
    try (var all = Files.list(folder)) {
      return all.filter(Files::isRegularFile)
          .filter(NamedFiles::isRows)
          .filter(file -> !file.endsWith("index.json"))
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
