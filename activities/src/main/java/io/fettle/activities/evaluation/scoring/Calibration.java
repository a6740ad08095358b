package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.scoring.Marks.Sheet;
import io.fettle.statistics.Agreement;
import io.fettle.statistics.Interval;
import io.fettle.statistics.JudgeCorrection;
import java.util.List;

/**
 * A judge beside people who marked the same answers: how far they agree, and what share of an arm
 * people would accept, with an interval that knows how few they marked.
 */
final class Calibration {
  private static final double CONFIDENCE = 0.95;

  private final int[] people;
  private final int[] judge;

  /**
   * Of one sample.
   *
   * @param people what people said, true for good, at the same index as in {@code judge}
   */
  Calibration(List<Boolean> people, List<Boolean> judge) {
    this.people = people.stream().mapToInt(good -> good ? 1 : 0).toArray();
    this.judge = judge.stream().mapToInt(good -> good ? 1 : 0).toArray();
  }

  /**
   * Tells an arm's corrected score; only agreement where the sample cannot correct, as one of good
   * answers alone.
   *
   * @param accepted by the judge, of {@code judged} items of the arm
   */
  void describe(Sheet sheet, int accepted, int judged) {
    Interval kappa = Agreement.kappa(people, judge, CONFIDENCE);
    sheet.extra("judge_kappa", kappa.estimate());
    sheet.extra("judge_kappa_low", kappa.low());
    sheet.extra("judge_kappa_high", kappa.high());
    int good = count(1, -1);
    int bad = count(0, -1);
    if (good == 0 || bad == 0 || judged == 0) {
      return;
    }
    var rates = new JudgeCorrection.Calibration(good, count(1, 1), bad, count(0, 1));
    sheet.extra("judge_true_positive_rate", rates.truePositiveRate());
    sheet.extra("judge_false_positive_rate", rates.falsePositiveRate());
    try {
      Interval corrected = JudgeCorrection.roganGladen(accepted, judged, rates, CONFIDENCE);
      sheet.extra("corrected", corrected.estimate());
      sheet.extra("corrected_low", corrected.low());
      sheet.extra("corrected_high", corrected.high());
    } catch (IllegalArgumentException tellsNothing) {
      // its rates are told; a judge that cannot tell good from bad corrects nothing
    }
  }

  /** Answers that people said this of, and the judge that; -1: whatever. */
  private int count(int byPeople, int byJudge) {
    int count = 0;
    for (int i = 0; i < people.length; i++) {
      count += people[i] == byPeople && (byJudge < 0 || judge[i] == byJudge) ? 1 : 0;
    }
    return count;
  }
}
