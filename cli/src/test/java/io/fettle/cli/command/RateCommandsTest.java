package io.fettle.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.evaluation.rating.BlindSheet;
import io.fettle.activities.evaluation.rating.Ratings;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.runs.BlindRating;
import io.fettle.statistics.Interval;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateCommandsTest extends CommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "rate sheet --items 0        | --items is 0; at least 1",
        "rate sheet --out sheet.pdf  | has to end in .html, .csv or .jsonl",
        "rate read nowhere.csv       | no file: nowhere.csv",
        "rate read run no.csv no.txt | no file: no.csv, no.txt",
      })
  void what_cannot_be_is_refused_before_anything_is_asked(String line, String said) {
    assertThat(fettle(line.split(" +"))).isEqualTo(ExitCode.INVALID.code());
    assertThat(err.toString()).contains(said);
  }

  @Test
  void a_first_word_that_is_no_file_is_the_run() throws Exception {
    String ann = Files.writeString(folder.resolve("ann.csv"), "").toString();

    assertThat(RateReadCommand.Arguments.of(List.of("support", ann)))
        .isEqualTo(new RateReadCommand.Arguments("support", List.of(Path.of(ann))));
    assertThat(RateReadCommand.Arguments.of(List.of(ann, ann)).run()).isNull();
    assertThat(fettle("rate", "read", ann)).isEqualTo(ExitCode.UNREACHABLE.code());
  }

  @Test
  void a_sheet_is_written_in_the_form_that_its_name_says_and_over_nothing() throws Exception {
    BlindSheet sheet = sheet();
    for (String form : List.of("html", "csv", "jsonl")) {
      Path file = folder.resolve("sheet." + form);
      RateSheetCommand.write(sheet, file);

      assertThat(file).content().contains(sheet.key().sheet()).doesNotContain("served");
      assertThatThrownBy(() -> RateSheetCommand.write(sheet, file))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("perhaps with ratings in it");
    }
    assertThatThrownBy(() -> RateSheetCommand.write(sheet, folder.resolve("no/sheet.csv")))
        .hasMessageContaining("make it first");
  }

  @Test
  void a_result_tells_shares_raters_agreement_and_the_judge() throws Exception {
    BlindSheet sheet = sheet();
    Ratings ratings = new Ratings(sheet.key());
    ratings.add("ann", sheet.jsonl().replace("\"preferred\":\"\"", "\"preferred\":\"first\""));
    ratings.add("bob", sheet.jsonl().replaceFirst("\"preferred\":\"\"", "\"preferred\":\"tie\""));
    var beside =
        new Ratings.BesideJudge(1, new Interval(0.5, 0.25, 0.75), 0.8, 40, Optional.empty());
    var result =
        new BlindRating.Result(
            "run",
            "one",
            sheet.key().sheet(),
            "served",
            "few-shot (4)",
            1,
            ratings.summary(),
            List.of(new BlindRating.Judge("pairwise", beside)));

    assertThat(RateReadCommand.lines(result))
        .containsExactly(
            "served against few-shot (4): 1 of 1 items rated in both orders by 2 raters",
            "  preferred: served                   0  0.00 [0.00, 0.79]",
            "  preferred: neither                  1  1.00 [0.21, 1.00]",
            "  preferred: few-shot (4)             0  0.00 [0.00, 0.79]",
            "  mean preference for served 0.50 [0.05, 0.95]; 0.5 is none",
            "  ann: 1 of 1 items, the same in both orders 0.00, took the first shown 1.00",
            "  bob: 0 of 1 items; 1 of 2 rows without a word",
            "  pairwise judge beside people: kappa 0.50 [0.25, 0.75] over 1 items; prefers served by 0.80,"
                + " not corrected: too few items are left that people did not rate",
            "kept with run; fettle report run shows it");
  }

  private static BlindSheet sheet() throws java.io.IOException {
    return BlindSheet.of(
        List.of("served", "few-shot (4)"),
        List.of(new Answer("t1", "How?", "", "so")),
        List.of(new Answer("t1", "How?", "", "otherwise")),
        10,
        17);
  }
}
