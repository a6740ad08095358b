package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.scoring.Marks.Sheet;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import java.util.List;
import java.util.Optional;

/**
 * Calls of tools: right where names and arguments are the reference's. Where the reference calls
 * none, an answer in words is right; what it says is another metric's matter.
 */
final class ToolScorer implements Scorer {
  @Override
  public Marks mark(List<Answer> arm) {
    Sheet sheet = new Sheet(arm.size());
    Hits arguments = new Hits();
    long names = 0;
    for (int i = 0; i < arm.size(); i++) {
      ToolCalls none = new ToolCalls(List.of());
      ToolCalls wanted = ToolCalls.read(arm.get(i).reference()).orElse(none);
      Optional<ToolCalls> given = ToolCalls.read(arm.get(i).answer());
      arguments.add(given.orElse(none).arguments(), wanted.arguments());
      if (given.isEmpty()) {
        sheet.invalid(i, "a call that is no JSON object with a name and arguments");
        continue;
      }
      names += given.get().names().equals(wanted.names()) ? 1 : 0;
      sheet.mark(i, given.get().same(wanted));
    }
    sheet.share("name_rate", names);
    arguments.describe(sheet, "argument");
    return sheet.rightOrWrong();
  }
}
