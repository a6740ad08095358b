package io.fettle.cli.command;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.data.Columns;
import io.fettle.cli.data.FileDuplicates;
import io.fettle.cli.data.NamedRows;
import io.fettle.data.dedup.NearDuplicates.Kept;
import io.fettle.data.dedup.NearDuplicates.Method;
import io.fettle.data.dedup.NearDuplicates.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "dedup",
    description = {
      "Finds the rows of a file that are alike: Jaccard similarity of word 5-grams.",
      "Says which would be dropped, and writes every pair; the file stays as it is."
    },
    mixinStandardHelpOptions = true)
final class DataDedupCommand implements Callable<Integer> {
  private static final double PERCENT = 100;

  private static final int MOST_CLUSTERS = 3;

  /** The rest is for what the search itself remembers. */
  private static final long SHARE_OF_HEAP = 4;

  @Mixin private Output output;
  @Mixin private StoreAccess stores;

  @Parameters(
      index = "0",
      paramLabel = "FILE",
      description = {
        "JSONL, CSV, TSV or Parquet; gz and zstd. A folder stands for such files in it and below.",
        "Also s3://bucket/name and gs://bucket/name, a folder's with a slash at its end."
      })
  private String file;

  @Option(
      names = "--near",
      paramLabel = "J",
      defaultValue = "0.8",
      description = "The least similarity, 0.5 to 1 (default: 0.8).")
  private double near;

  @Option(
      names = "--columns",
      paramLabel = "NAMES",
      split = ",",
      defaultValue = "prompt,completion",
      description = "What is compared: prompt, completion, or fields (default: both).")
  private List<String> columns;

  @Option(
      names = "--method",
      paramLabel = "METHOD",
      defaultValue = "auto",
      description = "exact or lsh (default: exact below a million rows).")
  private String method;

  @Option(names = "--raw", description = "Compare also what many rows have in common.")
  private boolean raw;

  @Option(
      names = "--pairs",
      paramLabel = "OUT.jsonl",
      description =
          "Write every pair there: rows a and b, counted from 0 through all files, and their similarity j.")
  private @Nullable Path pairs;

  /** A row that others would be dropped for. */
  record Cluster(int row, int dropped) {}

  record Result(
      String file,
      List<FileDuplicates.Part> parts,
      double near,
      int rows,
      int unreadable,
      long pairs,
      int dropped,
      int conflicts,
      int constants,
      List<Cluster> largest) {}

  @Override
  public Integer call() throws IOException {
    var scratch = Files.createTempDirectory("fettle-dedup-");
    try (var named = NamedRows.of(List.of(file), Optional.empty(), stores::access);
        var rows = new FileDuplicates(named.files(), Columns.of(columns), options(scratch))) {
      named.lines().forEach(output::say);
      var screen = output.screen();
      rows.read(seen -> screen.live("%,d rows read".formatted(seen)));
      screen.live("");
      tell(rows, rows.pairs(Optional.ofNullable(pairs)), rows.kept());
    } catch (IOException e) {
      throw DataPlace.failure(e);
    } finally {
      Files.deleteIfExists(scratch);
    }
    return ExitCode.DONE.code();
  }

  private Options options(Path scratch) {
    int percent = (int) Math.round(near * PERCENT);
    if (percent < 50 || percent > PERCENT || percent / PERCENT != near) {
      throw new CommandFailure(
          ExitCode.INVALID, "--near is %s; 0.5 to 1 in steps of 0.01 are known".formatted(near));
    }
    long held = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
    return new Options(percent, method(), raw, Optional.of(scratch), held);
  }

  private Method method() {
    return switch (method) {
      case "auto" -> Method.AUTO;
      case "exact" -> Method.EXACT;
      case "lsh" -> Method.LSH;
      default ->
          throw new CommandFailure(
              ExitCode.INVALID, "--method is %s; exact and lsh are known".formatted(method));
    };
  }

  private void tell(FileDuplicates rows, long found, Kept kept) {
    output.say("%,d rows, %,d of them unreadable".formatted(rows.records(), rows.unreadable()));
    if (rows.parts().size() > 1) {
      rows.parts()
          .forEach(
              part -> output.say("  %s begins at row %d".formatted(part.name(), part.first())));
    }
    output.say("%,d pairs are alike by %s or more".formatted(found, near));
    output.say("%,d rows would be dropped, each for one that stays".formatted(kept.dropped()));
    output.say(
        "%,d rows stay for their answers: another row asks the same".formatted(kept.conflicts()));
    var losses = kept.losses();
    for (var loss : losses) {
      if (loss.isTooMuch()) {
        var of = losses.size() == 1 ? "the rows" : "the rows of " + loss.source();
        output.say("more than a third of %s would be dropped; most of them".formatted(of));
        clusters(rows, loss)
            .forEach(each -> output.say("  %,d for row %d".formatted(each.dropped(), each.row())));
      }
    }
    var largest =
        losses.stream()
            .flatMap(loss -> clusters(rows, loss).stream())
            .sorted(Comparator.comparingInt(Cluster::dropped).reversed())
            .limit(MOST_CLUSTERS)
            .toList();
    output.result(
        new Result(
            file,
            rows.parts(),
            near,
            rows.records(),
            rows.unreadable(),
            found,
            kept.dropped(),
            kept.conflicts(),
            rows.constants(),
            largest));
  }

  private static List<Cluster> clusters(FileDuplicates rows, Kept.Loss loss) {
    return loss.largest().stream()
        .map(each -> new Cluster(rows.number(each.kept()), each.dropped()))
        .toList();
  }
}
