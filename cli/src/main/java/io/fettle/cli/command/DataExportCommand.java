package io.fettle.cli.command;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.data.dvc.DvcExport;
import io.fettle.data.dvc.DvcPointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "export",
    description = {
      "Writes a dataset for DVC: a pointer to commit, and the objects that it names.",
      "`dvc pull` then makes the dataset's folder beside the pointer. Every shard is checked first."
    },
    mixinStandardHelpOptions = true)
final class DataExportCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(
      index = "0",
      paramLabel = "DIR|RUN",
      description = "A dataset's folder, or a run, whose dataset is fetched.")
  private String said;

  @Option(
      names = "--dvc",
      required = true,
      paramLabel = "NAME.dvc",
      description = "The pointer; `dvc pull` makes NAME beside it.")
  private Path pointer;

  @Option(
      names = "--remote",
      paramLabel = "DIR",
      description = "A DVC remote that is a folder (default: the cache of the pointer's project).")
  private @Nullable Path remote;

  /** {@code dataset} is the dataset hash, {@code md5} what DVC calls it. */
  record Result(String dataset, String pointer, String objects, String md5, long bytes) {}

  @Override
  public Integer call() {
    if (!DvcPointer.isOne(pointer)) {
      throw new CommandFailure(
          ExitCode.INVALID, "--dvc is %s; its name must end in .dvc".formatted(pointer));
    }
    Path objects = remote == null ? cache() : remote;
    try (var place = DataPlace.of(said)) {
      var dataset = place.required();
      dataset.verify();
      DvcExport.write(dataset.folder(), pointer, objects);
      var out = DvcPointer.read(pointer).outs().getFirst();
      output.say("dataset %s as %s".formatted(dataset.manifest().dataset(), pointer));
      output.say("%,d bytes in %s".formatted(out.size(), objects));
      output.say(
          remote == null
              ? "commit the pointer, and `dvc push`; `dvc checkout` makes " + out.path()
              : "commit the pointer; `dvc pull` makes " + out.path());
      output.result(
          new Result(
              dataset.manifest().dataset(),
              pointer.toString(),
              objects.toString(),
              out.md5(),
              out.size()));
    } catch (IOException e) {
      throw DataPlace.failure(e);
    }
    return ExitCode.DONE.code();
  }

  /** Of the DVC project that the pointer lies in. */
  private Path cache() {
    for (Path folder = pointer.toAbsolutePath().normalize().getParent();
        folder != null;
        folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(".dvc"))) {
        return folder.resolve(".dvc").resolve("cache");
      }
    }
    throw new CommandFailure(
        ExitCode.INVALID,
        "%s lies in no DVC project, so there is no cache for its objects; name a remote that is a folder with --remote DIR"
            .formatted(pointer));
  }
}
