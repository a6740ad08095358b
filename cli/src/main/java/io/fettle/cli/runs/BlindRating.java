package io.fettle.cli.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.evaluation.rating.BlindSheet;
import io.fettle.activities.evaluation.rating.Ratings;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.activities.lineage.report.Words;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.workflows.wire.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * People's blind ratings of a run's answers: gives out sheets, keeps their keys with the execution
 * that they are of, and reads what came back.
 */
public final class BlindRating {
  private static final String KEY = "ratings/%s/key.json";
  private static final String SHEET = "s[0-9a-f]{12}";
  private static final String SERVED = "served";
  private static final String FEW_SHOT = "few-shot";
  private static final int MOST_PROBLEMS = 30;

  private final Records records;

  public BlindRating(Records records) {
    this.records = records;
  }

  /** A file that a rater sent back; {@code stem} is its name without what follows the dot. */
  public record Returned(String file, String stem, String text) {}

  /** A judge of the run beside people: {@code pairwise} or {@code rubric}. */
  public record Judge(String judge, Ratings.BesideJudge beside) {}

  /**
   * What a sheet came to; kept beside the execution's record, where the report finds it. Holds ids
   * of rows and none of their text.
   *
   * @param items in the sheet
   * @param judges empty where the run asked none about these two arms
   */
  public record Result(
      String run,
      String execution,
      String sheet,
      String ours,
      String theirs,
      int items,
      Ratings.Summary summary,
      List<Judge> judges) {
    public Result {
      judges = List.copyOf(judges);
    }
  }

  /**
   * Makes a sheet and keeps its key. The same call makes the same sheet.
   *
   * @param arms two of them, ours first; none: what was served, and the best prompt
   * @throws CommandFailure where an arm is not known, or the two answered everything alike
   */
  public BlindSheet sheet(Records.Kept run, List<String> arms, int most, long seed) {
    AnsweredItems items = new AnsweredItems(records, run);
    List<String> names = arms.isEmpty() ? usual(items) : arms.stream().map(items::arm).toList();
    if (names.size() != 2 || names.getFirst().equals(names.getLast())) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "--arms has to name two arms, such as %s; there is %s"
              .formatted(String.join(",", usual(items)), String.join(", ", items.arms())));
    }
    try {
      List<Answer> ours = items.answers(names.getFirst());
      List<Answer> theirs = items.answers(names.getLast());
      BlindSheet sheet = BlindSheet.of(names, ours, theirs, most, seed);
      if (sheet.rows().isEmpty()) {
        throw new CommandFailure(
            ExitCode.INVALID,
            "%s and %s answered all %d items alike; there is nothing to choose between"
                .formatted(names.getFirst(), names.getLast(), ours.size()));
      }
      records.putBeside(run, KEY.formatted(sheet.key().sheet()), sheet.key());
      return sheet;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static List<String> usual(AnsweredItems items) {
    List<String> others = items.arms().stream().filter(name -> !name.equals(SERVED)).toList();
    if (others.size() == items.arms().size() || others.isEmpty()) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "name two arms with --arms; there is " + String.join(", ", items.arms()));
    }
    String best =
        others.stream()
            .filter(name -> name.startsWith(FEW_SHOT))
            .reduce((_, later) -> later)
            .orElse(others.getFirst());
    return List.of(SERVED, best);
  }

  /**
   * Reads what raters sent back of one sheet, keeps the result and renders the report anew.
   *
   * @throws CommandFailure with everything that is wrong with the files
   */
  public Result read(String run, List<Returned> files) {
    String name = sheetOf(files);
    Records.Kept kept = execution(run, name);
    BlindSheet.Key key = key(records.beside(kept, KEY.formatted(name)).orElseThrow());
    Ratings ratings = new Ratings(key);
    List<String> problems = new ArrayList<>();
    for (Returned file : files) {
      String rater = Ratings.head(file.text()).rater().orElse(file.stem());
      ratings.add(rater, file.text()).forEach(each -> problems.add(file.file() + ": " + each));
    }
    refuse(problems);
    Ratings.Summary summary = ratings.summary();
    if (summary.items() == 0) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "no item of sheet %s is rated in both orders yet; each stands in it twice"
              .formatted(name));
    }
    Result result =
        new Result(
            run,
            kept.story().execution(),
            name,
            key.ours(),
            key.theirs(),
            key.entries().size() / 2,
            summary,
            judges(new AnsweredItems(records, kept), key, ratings));
    records.putBeside(kept, "ratings/%s/result.json".formatted(name), result);
    records.renderReport(kept);
    return result;
  }

  private static void refuse(List<String> problems) {
    if (!problems.isEmpty()) {
      int more = problems.size() - MOST_PROBLEMS;
      throw new CommandFailure(
          ExitCode.INVALID,
          "%d problem%s, so nothing was taken%n  %s%s"
              .formatted(
                  problems.size(),
                  problems.size() == 1 ? "" : "s",
                  String.join(
                      "%n  ".formatted(),
                      problems.subList(0, Math.min(MOST_PROBLEMS, problems.size()))),
                  more > 0 ? "%n  and %d more".formatted(more) : ""));
    }
  }

  private static String sheetOf(List<Returned> files) {
    Set<String> names = new TreeSet<>();
    List<String> problems = new ArrayList<>();
    for (Returned file : files) {
      Set<String> sheets = Ratings.head(file.text()).sheets();
      if (sheets.isEmpty()) {
        problems.add(
            file.file() + ": says of no sheet; leave the column sheet as it was given out");
      }
      sheets.stream()
          .filter(sheet -> !sheet.matches(SHEET))
          .forEach(sheet -> problems.add("%s: %.20s names no sheet".formatted(file.file(), sheet)));
      names.addAll(sheets);
    }
    refuse(problems);
    if (names.size() != 1) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "these files are of the sheets %s; read each sheet by itself"
              .formatted(String.join(", ", names)));
    }
    return names.iterator().next();
  }

  private Records.Kept execution(String run, String sheet) {
    return records.all(run).stream()
        .filter(kept -> records.beside(kept, KEY.formatted(sheet)).isPresent())
        .findFirst()
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.INVALID,
                    "sheet %s is not of %s; name the run that it was made from: fettle rate read RUN FILE..."
                        .formatted(sheet, run)));
  }

  private static BlindSheet.Key key(JsonNode document) {
    try {
      return Wire.mapper().treeToValue(document, BlindSheet.Key.class);
    } catch (JsonProcessingException e) {
      throw new CommandFailure(
          ExitCode.INVALID, "the sheet's key in the store is damaged; make the sheet again", e);
    }
  }

  // --- Judges

  private static List<Judge> judges(AnsweredItems items, BlindSheet.Key key, Ratings ratings) {
    List<Judge> judges = new ArrayList<>();
    ratings
        .beside(paired(items, key))
        .ifPresent(beside -> judges.add(new Judge("pairwise", beside)));
    if (items.evaluation().at("/criteria/metric").asText().equals("rubric")) {
      ratings
          .beside(marked(items, key))
          .ifPresent(beside -> judges.add(new Judge("rubric", beside)));
    }
    return judges;
  }

  /** What the judge of pairs preferred; it compared what was served with every other arm. */
  private static Map<String, Double> paired(AnsweredItems items, BlindSheet.Key key) {
    Map<String, Double> preferences = new HashMap<>();
    for (JsonNode pairs : items.evaluation().path("pairs")) {
      String other = Words.arm(pairs);
      boolean same = key.ours().equals(SERVED) && key.theirs().equals(other);
      boolean turned = key.theirs().equals(SERVED) && key.ours().equals(other);
      if (same || turned) {
        pairs
            .path("rulings")
            .forEach(ruling -> preferences.put(ruling.path("id").asText(), value(ruling, same)));
      }
    }
    return preferences;
  }

  private static double value(JsonNode ruling, boolean same) {
    String forward = ruling.path("forward").asText();
    boolean decided = forward.equals(ruling.path("backward").asText()) && !forward.equals("tie");
    return !decided ? 0.5 : forward.equals("ours") == same ? 1 : 0;
  }

  /** The better mark of two answers that differ, as if it were a preference. */
  private static Map<String, Double> marked(AnsweredItems items, BlindSheet.Key key) {
    Map<String, Double> ours = items.marks(key.ours());
    Map<String, Double> theirs = items.marks(key.theirs());
    Map<String, String> texts = new LinkedHashMap<>();
    items.answers(key.theirs()).forEach(line -> texts.put(line.id(), line.answer().strip()));
    Map<String, Double> preferences = new HashMap<>();
    for (Answer line : items.answers(key.ours())) {
      if (!line.answer().strip().equals(texts.get(line.id()))) {
        double difference = mark(ours, line) - mark(theirs, line);
        preferences.put(line.id(), (1 + Math.signum(difference)) / 2);
      }
    }
    return preferences;
  }

  private static double mark(Map<String, Double> marks, Answer line) {
    return Optional.ofNullable(marks.get(line.id())).orElse(0.0);
  }
}
