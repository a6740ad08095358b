package io.fettle.cli.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.data.prepare.Grading;
import io.fettle.data.prepare.Means;
import io.fettle.data.prepare.Part;
import io.fettle.data.prepare.Preparation;
import io.fettle.data.prepare.PrepareOptions;
import io.fettle.data.prepare.PrepareReport;
import io.fettle.data.prepare.TokenCounter;
import io.fettle.data.read.Source;
import io.fettle.data.version.Code;
import io.fettle.data.version.DatasetManifest;
import io.fettle.data.version.DatasetManifest.Input;
import io.fettle.data.version.DatasetManifest.Origin;
import io.fettle.data.version.DatasetManifest.Stage;
import io.fettle.data.version.DatasetWriter;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files to a versioned dataset without a run. No model is asked, so no row is too long here, and
 * lengths stand as 0.
 */
public final class PreparedFolder {
  private static final long SHARD_BYTES = 64L << 20;

  private PreparedFolder() {}

  /** What came out. */
  public record Result(PrepareReport report, DatasetManifest manifest) {}

  /**
   * What is to be prepared.
   *
   * @param grading says how good the rows are; the folder is there when it is asked
   * @param recipe what decides which rows come out, for the manifest
   * @param parent the manifest's hash of the dataset that the files are shards of; else empty
   */
  public record Asked(
      PrepareOptions options, Optional<Grading> grading, JsonNode recipe, String parent) {}

  /**
   * Writes a dataset into a folder, which must not hold one. Killed at whatever moment, it leaves
   * none, and what it leaves goes when it is called again.
   *
   * @throws io.fettle.data.prepare.RefusedRows where somebody must look at the rows first
   */
  public static Result write(Asked asked, Path folder, Preparation.Progress told)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    try (var work = WorkFolder.in(folder)) {
      return write(asked, folder, work.path(), told);
    } catch (NoSuchFileException e) {
      throw gone(asked.options(), e);
    } finally {
      deleteIfEmpty(folder);
    }
  }

  private static Result write(Asked asked, Path folder, Path work, Preparation.Progress told)
      throws IOException, InterruptedException {
    told.rows("hash", 0);
    List<Read> inputs = inputs(asked.options());
    var means = Means.counting(TokenCounter.none()).with(asked.grading());
    try (var writer = DatasetWriter.open(folder, Part.words(), SHARD_BYTES)) {
      PrepareReport report = Preparation.run(asked.options(), means, work, writer, told);
      for (Read input : inputs) {
        input.refuseChange();
      }
      var origin =
          new Origin(
              inputs.stream().map(Read::input).toList(),
              Stage.of(report.stages()),
              asked.recipe(),
              Code.version(),
              "",
              "",
              asked.parent());
      return new Result(report, writer.finish(origin));
    }
  }

  /** A file that went while another one was read; by itself its path says nothing. */
  private static IOException gone(PrepareOptions options, NoSuchFileException missing) {
    return files(options).stream()
        .filter(source -> source.path().toString().equals(missing.getFile()))
        .findFirst()
        .<IOException>map(
            source ->
                new IOException(
                    "the file %s is gone since it was found; put it back, or prepare again without it"
                        .formatted(source.path()),
                    missing))
        .orElse(missing);
  }

  private static List<Source> files(PrepareOptions options) {
    return Stream.of(
            options.pool().stream(), options.testSet().stream(), options.benchmarks().stream())
        .flatMap(sources -> sources)
        .toList();
  }

  private static List<Read> inputs(PrepareOptions options) throws IOException {
    List<Read> inputs = new ArrayList<>();
    for (Source source : files(options)) {
      FileTime modified = Files.getLastModifiedTime(source.path());
      inputs.add(new Read(source.path(), modified, Input.of(source.name(), source.path())));
    }
    return inputs;
  }

  /** A file as it was when it was hashed, before its rows were read. */
  private record Read(Path path, FileTime modified, Input input) {
    void refuseChange() throws IOException {
      if (Files.size(path) != input.bytes() || !Files.getLastModifiedTime(path).equals(modified)) {
        throw new IOException(path + " changed while it was read; prepare again");
      }
    }
  }

  private static void deleteIfEmpty(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException _) {
      // as it should be
    }
  }
}
