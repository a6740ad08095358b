package io.fettle.cli.command;

import io.fettle.activities.evaluation.rating.Ratings;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.runs.BlindRating;
import io.fettle.cli.runs.Records;
import io.fettle.statistics.Interval;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "read",
    description = {
      "Reads what raters sent back of one sheet: whose answers they prefer, how far they agree, how",
      "far the run's judge agrees with them. Keeps it with the run; its report shows it."
    },
    customSynopsis = "fettle rate read [-hV] [--json] [RUN] FILE...",
    mixinStandardHelpOptions = true)
final class RateReadCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..*",
      paramLabel = "[RUN] FILE",
      description =
          "A file of each rater, all of one sheet. A first word that is no file is the run: its id,"
              + " a unique prefix of it, or its name; without one, the newest run.")
  private List<String> given = List.of();

  @Mixin private Output output;

  /** {@code run} is null where none was named. */
  record Arguments(@Nullable String run, List<Path> files) {
    static Arguments of(List<String> given) {
      boolean isNamed = given.size() > 1 && !Files.exists(Path.of(given.getFirst()));
      List<Path> files =
          given.subList(isNamed ? 1 : 0, given.size()).stream().map(Path::of).toList();
      List<String> missing =
          files.stream().filter(file -> !Files.isRegularFile(file)).map(Path::toString).toList();
      if (!missing.isEmpty()) {
        throw new CommandFailure(
            ExitCode.INVALID,
            "no file: %s; name what raters sent back".formatted(String.join(", ", missing)));
      }
      return new Arguments(isNamed ? given.getFirst() : null, files);
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    var arguments = Arguments.of(given);
    var returned = arguments.files().stream().map(RateReadCommand::returned).toList();
    return RunArgument.run(
        arguments.run(),
        (cluster, _, found) -> {
          try (var records = Records.in(cluster.store())) {
            var result = new BlindRating(records).read(found.id(), returned);
            lines(result).forEach(output::say);
            output.result(result);
          }
          return ExitCode.DONE.code();
        });
  }

  private static BlindRating.Returned returned(Path file) {
    try {
      // sheet programs write other encodings too; what is read of a sheet is ASCII
      var text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      var name = file.getFileName().toString();
      int dot = name.lastIndexOf('.');
      return new BlindRating.Returned(
          file.toString(), dot > 0 ? name.substring(0, dot) : name, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> lines(BlindRating.Result result) {
    var summary = result.summary();
    var lines = new ArrayList<String>();
    lines.add(
        "%s against %s: %d of %d items rated in both orders by %s"
            .formatted(
                result.ours(),
                result.theirs(),
                summary.items(),
                result.items(),
                summary.raters().size() == 1 ? "one rater" : summary.raters().size() + " raters"));
    lines.add(share("preferred: " + result.ours(), summary.wins()));
    lines.add(share("preferred: neither", summary.ties()));
    lines.add(share("preferred: " + result.theirs(), summary.losses()));
    lines.add(
        "  mean preference for %s %s; 0.5 is none"
            .formatted(result.ours(), interval(summary.preference())));
    summary.raters().forEach(rater -> lines.add(rater(rater, result.items())));
    for (Ratings.Agreed agreed : summary.agreement()) {
      lines.add(
          "  %s and %s: kappa %s over %d items"
              .formatted(agreed.one(), agreed.other(), interval(agreed.kappa()), agreed.items()));
    }
    result.judges().forEach(judge -> lines.add(judge(result.ours(), judge)));
    lines.add("kept with %s; fettle report %1$s shows it".formatted(result.run()));
    return lines;
  }

  private static String rater(Ratings.Rater rater, int items) {
    var habits =
        rater.items() == 0
            ? ""
            : String.format(
                Locale.ROOT,
                ", the same in both orders %.2f, took the first shown %.2f",
                rater.consistency(),
                rater.firstSlot());
    var missing =
        rater.missing() == 0
            ? ""
            : "; %d of %d rows without a word".formatted(rater.missing(), rater.rows());
    return "  %s: %d of %d items%s%s"
        .formatted(rater.name(), rater.items(), items, habits, missing);
  }

  private static String share(String what, Ratings.Share share) {
    return "  %-32s %4d  %s".formatted(what, share.items(), interval(share.share()));
  }

  private static String judge(String ours, BlindRating.Judge judge) {
    var beside = judge.beside();
    return String.format(
        Locale.ROOT,
        "  %s judge beside people: kappa %s over %d items; prefers %s by %.2f, %s",
        judge.judge(),
        interval(beside.kappa()),
        beside.items(),
        ours,
        beside.judged(),
        beside
            .corrected()
            .map(corrected -> "corrected " + interval(corrected))
            .orElse("not corrected: too few items are left that people did not rate"));
  }

  private static String interval(Interval interval) {
    return String.format(
        Locale.ROOT, "%.2f [%.2f, %.2f]", interval.estimate(), interval.low(), interval.high());
  }
}
