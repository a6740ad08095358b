package io.fettle.cli.command;

import io.fettle.activities.evaluation.rating.BlindSheet;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.runs.BlindRating;
import io.fettle.cli.runs.Records;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "sheet",
    description = {
      "Writes a sheet of two arms' answers to test items for people to choose from.",
      "The arms are hidden, each pair comes in both orders. It holds rows. Which answer was whose",
      "stays with the run. Overwrites nothing."
    },
    mixinStandardHelpOptions = true)
final class RateSheetCommand implements Callable<Integer> {
  @Mixin private RunArgument run;
  @Mixin private Output output;

  @Option(
      names = "--arms",
      paramLabel = "A,B",
      split = ",",
      description =
          "Two arms as the report names them, or the beginning of a name (default: what was served"
              + " and few-shot).")
  private List<String> arms = List.of();

  @Option(
      names = "--items",
      paramLabel = "N",
      defaultValue = "50",
      description = "The most items, of those answered differently (default: ${DEFAULT-VALUE}).")
  private int items;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "17",
      description =
          "Draws items and order; the same one makes the same sheet (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description =
          "Where to write it: .html, a page to rate on in a browser; .csv; .jsonl (default: the"
              + " sheet's name and .html).")
  private @Nullable Path out;

  record Result(
      String run, String sheet, String ours, String theirs, int items, int rows, String file) {}

  @Override
  public Integer call() throws InterruptedException {
    if (items < 1) {
      throw new CommandFailure(ExitCode.INVALID, "--items is %d; at least 1".formatted(items));
    }
    if (out != null) {
      form(out);
    }
    return run.run(
        (cluster, _, found) -> {
          try (var records = Records.in(cluster.store())) {
            var record = records.required(found.id());
            tell(found.id(), new BlindRating(records).sheet(record, arms, items, seed));
          }
          return ExitCode.DONE.code();
        });
  }

  private void tell(String id, BlindSheet sheet) {
    var key = sheet.key();
    var file = out != null ? out : Path.of(key.sheet() + ".html");
    write(sheet, file);
    output.say(
        "%s  %s against %s, %d items, each in both orders"
            .formatted(file, key.ours(), key.theirs(), sheet.rows().size() / 2));
    output.say(
        "give each rater a copy, then: fettle rate read %s FILE...  (the key stays with the run)"
            .formatted(id));
    output.result(
        new Result(
            id,
            key.sheet(),
            key.ours(),
            key.theirs(),
            sheet.rows().size() / 2,
            sheet.rows().size(),
            file.toString()));
  }

  static void write(BlindSheet sheet, Path file) {
    try {
      var text =
          switch (form(file)) {
            case "csv" -> sheet.csv();
            case "jsonl" -> sheet.jsonl();
            default -> sheet.html();
          };
      Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    } catch (FileAlreadyExistsException there) {
      throw new CommandFailure(
          ExitCode.INVALID,
          file + " is there already, perhaps with ratings in it; name another with --out",
          there);
    } catch (NoSuchFileException nowhere) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "the folder of %s is not there; make it first".formatted(file),
          nowhere);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String form(Path file) {
    var name = file.toString().toLowerCase(Locale.ROOT);
    var form = name.substring(name.lastIndexOf('.') + 1);
    if (!List.of("html", "csv", "jsonl").contains(form)) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "--out is %s; its name has to end in .html, .csv or .jsonl".formatted(file));
    }
    return form;
  }
}
