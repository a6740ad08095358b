package io.fettle.cli.command;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.data.Columns;
import io.fettle.cli.data.FileDuplicates;
import io.fettle.data.dedup.NearDuplicates.Kept;
import io.fettle.data.dedup.NearDuplicates.Method;
import io.fettle.data.dedup.NearDuplicates.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

  /** The rest is for what the search itself remembers. */
  private static final long SHARE_OF_HEAP = 4;

  @Mixin private Output output;

  @Parameters(index = "0", paramLabel = "FILE", description = "JSONL, CSV or Parquet; gz and zstd.")
  private Path file;

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
      description = "Write every pair there: rows a and b, counted from 0, and their similarity j.")
  private @Nullable Path pairs;

  /** A row that others would be dropped for. */
  record Cluster(int row, int dropped) {}

  record Result(
      String file,
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
    try (var rows = new FileDuplicates(file, Columns.of(columns), options(scratch))) {
      var screen = output.screen();
      rows.read(seen -> screen.live("%,d rows read".formatted(seen)));
      screen.live("");
      tell(rows, rows.pairs(Optional.ofNullable(pairs)), rows.kept());
    } catch (NoSuchFileException e) {
      throw new CommandFailure(ExitCode.INVALID, "there is no file " + e.getFile(), e);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.INVALID, String.valueOf(e.getMessage()), e);
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
    output.say("%,d pairs are alike by %s or more".formatted(found, near));
    output.say("%,d rows would be dropped, each for one that stays".formatted(kept.dropped()));
    output.say(
        "%,d rows stay for their answers: another row asks the same".formatted(kept.conflicts()));
    var loss = kept.losses().getFirst();
    var largest =
        loss.largest().stream()
            .map(each -> new Cluster(rows.number(each.kept()), each.dropped()))
            .toList();
    if (loss.isTooMuch()) {
      output.say("more than a third of the rows would be dropped; most of them");
      largest.forEach(each -> output.say("  %,d for row %d".formatted(each.dropped(), each.row())));
    }
    output.result(
        new Result(
            file.toString(),
            near,
            rows.records(),
            rows.unreadable(),
            found,
            kept.dropped(),
            kept.conflicts(),
            rows.constants(),
            largest));
  }
}
