package io.fettle.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.cli.ExitCode;
import io.fettle.cli.view.ProgressBar;
import io.fettle.data.inspect.Inspection;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import io.fettle.data.version.DatasetManifest;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "inspect",
    description = {
      "Says what files of rows hold: format, rows, bad rows with their lines, lengths, roles.",
      "Exits with 2 if a file cannot be read to its end."
    },
    mixinStandardHelpOptions = true)
final class DataInspectCommand implements Callable<Integer> {
  private static final int SAMPLES = 5;

  @Mixin private Output output;
  @Mixin private StoreAccess stores;

  @Parameters(
      index = "0",
      paramLabel = "PATH|RUN",
      description = {
        "A file, a folder, a .dvc file, or a run, whose dataset is fetched.",
        "Also s3://bucket/name and gs://bucket/name, a folder's with a slash at its end."
      })
  private String said;

  @Option(names = "--samples", description = "Show five rows of each file.")
  private boolean samples;

  @Option(
      names = "--prompt",
      paramLabel = "FIELD",
      description = "The field or column that is the prompt (default: ${DEFAULT-VALUE}).")
  private String prompt = "prompt";

  @Option(
      names = "--completion",
      paramLabel = "FIELD",
      description = "The field or column that is the answer (default: ${DEFAULT-VALUE}).")
  private String completion = "completion";

  /** Bad rows of one reason and the first lines that they start on. */
  record Bad(String reason, long rows, List<Long> lines) {}

  /** A file or a part; {@code samples} are rows in normal form. */
  record Seen(
      String name,
      String container,
      String shape,
      List<String> fields,
      long rows,
      List<Bad> bad,
      long duplicates,
      Inspection.Lengths promptLetters,
      Inspection.Lengths answerLetters,
      Map<String, Long> turns,
      long withTools,
      long preferences,
      String stopped,
      List<JsonNode> samples) {}

  /**
   * {@code dataset} is the dataset hash, empty where there is no manifest; {@code leftOut} is what
   * else a folder holds.
   */
  record Result(String path, boolean ok, String dataset, List<Seen> files, String leftOut) {}

  @Override
  public Integer call() {
    try (var place = DataPlace.of(said, stores::access)) {
      var dataset = place.dataset().map(reader -> reader.manifest().dataset()).orElse("");
      List<Inspection> found = inspections(place);
      if (place.dataset().isPresent()) {
        output.say("dataset %s, every shard verified".formatted(dataset));
        InspectionLines.of(place.dataset().get().manifest()).forEach(output::say);
      }
      if (!place.leftOut().isEmpty()) {
        output.say("%s: %s".formatted(said, place.leftOut()));
      }
      found.forEach(each -> InspectionLines.of(each).forEach(output::say));
      boolean ok = found.stream().allMatch(each -> each.stopped().isEmpty());
      List<Seen> seen = new ArrayList<>();
      for (var each : found) {
        seen.add(seen(each));
      }
      output.result(new Result(said, ok, dataset, seen, place.leftOut()));
      return (ok ? ExitCode.DONE : ExitCode.INVALID).code();
    } catch (IOException e) {
      throw DataPlace.failure(e);
    }
  }

  private List<Inspection> inspections(DataPlace place) throws IOException {
    int wanted = samples ? SAMPLES : 0;
    var progress = new ProgressBar(System.err);
    List<Inspection> found = new ArrayList<>();
    if (place.dataset().isPresent()) {
      for (DatasetManifest.Part part : place.dataset().get().manifest().parts()) {
        progress.at("reading " + part.name(), 0, 0);
        found.add(Inspection.of(place.dataset().get(), part.name(), wanted));
      }
    }
    var fields = new FieldMapping(prompt, completion, "", "", "");
    for (var file : place.files()) {
      progress.at("reading " + file.name(), 0, 0);
      found.add(Inspection.of(file.path(), file.name(), fields, wanted));
    }
    return found;
  }

  private static Seen seen(Inspection of) throws IOException {
    List<JsonNode> samples = new ArrayList<>();
    for (Row row : of.samples()) {
      samples.add(Wire.mapper().readTree(RowJson.line(row)));
    }
    var turns = new TreeMap<String, Long>();
    of.turns().forEach((role, count) -> turns.put(role.word(), count));
    return new Seen(
        of.name(),
        InspectionLines.container(of),
        InspectionLines.shape(of),
        of.fields(),
        of.rows().kept(),
        of.rows().drops().stream()
            .map(drop -> new Bad(drop.reason().key(), drop.rows(), InspectionLines.lines(drop)))
            .toList(),
        of.duplicates(),
        of.prompts(),
        of.answers(),
        turns,
        of.withTools(),
        of.preferences(),
        of.stopped(),
        samples);
  }
}
