package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.scoring.Marks.Sheet;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import java.text.Normalizer;
import java.util.List;

/**
 * Free text: right where it is the reference but for margins and composition. ROUGE-L and chrF are
 * told beside it and decide nothing.
 */
final class TextScorer implements Scorer {
  @Override
  public Marks mark(List<Answer> arm) {
    Sheet sheet = new Sheet(arm.size());
    Overlap overlap = new Overlap();
    double rouge = 0;
    double chrf = 0;
    for (int i = 0; i < arm.size(); i++) {
      String answer = text(arm.get(i).answer());
      String reference = text(arm.get(i).reference());
      boolean right = answer.equals(reference);
      if (answer.isEmpty()) {
        sheet.invalid(i, "empty");
      }
      sheet.mark(i, right);
      rouge += right ? 1 : overlap.rougeL(reference, answer);
      chrf += right ? 1 : overlap.chrf(reference, answer);
    }
    if (!arm.isEmpty()) {
      sheet.extra("rouge_l", rouge / arm.size());
      sheet.extra("chrf", chrf / arm.size());
    }
    return sheet.rightOrWrong();
  }

  /** Without margins, composed. */
  static String text(String text) {
    String stripped = text.strip();
    return Normalizer.isNormalized(stripped, Normalizer.Form.NFC)
        ? stripped
        : Normalizer.normalize(stripped, Normalizer.Form.NFC);
  }
}
