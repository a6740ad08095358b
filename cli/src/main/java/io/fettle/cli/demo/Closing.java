package io.fettle.cli.demo;

import io.fettle.cli.local.LocalStatus;
import io.fettle.cli.runs.Endpoint;
import io.fettle.cli.runs.Questions;
import io.fettle.cli.view.Screen;
import io.fettle.workflows.lineage.PhaseTime;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The last screen. */
final class Closing {
  private static final int LONGEST = 160;

  private final Screen screen;

  Closing(Screen screen) {
    this.screen = screen;
  }

  /** Base and tuned on the same question. */
  void sideBySide(Questions.Recorded asked, String tuned) {
    screen.say("");
    screen.say("The same question, before and after");
    line("question", asked.text());
    line("base", asked.base());
    line("tuned", tuned);
    line("expected", asked.expected());
  }

  void endpoint(Endpoint endpoint, Questions.Recorded asked, int maxTokens) {
    screen.say("");
    screen.say("Ask it yourself");
    screen.say("  fettle ask \"%s\"".formatted(asked.text()));
    screen.say("  " + endpoint.curl(asked.question(), maxTokens));
  }

  void links(String report, String ui) {
    screen.say("");
    line("report", report);
    line("Temporal UI", ui);
  }

  void times(List<PhaseTime> phases, double seconds) {
    line(
        "seconds",
        phases.stream()
                .map(each -> String.format(Locale.ROOT, "%s %.0f", each.name(), each.seconds()))
                .collect(Collectors.joining(", "))
            + String.format(Locale.ROOT, "; all in all %.0f", seconds));
  }

  void steps(StepTally tally) {
    line("worked on", tally.done().isEmpty() ? "nothing" : String.join("; ", tally.done()));
    line("reused", tally.reused().isEmpty() ? "nothing" : String.join("; ", tally.reused()));
    line("repeated", tally.repeated() == 0 ? "no step" : tally.repeated() + " steps");
  }

  void running(LocalStatus status) {
    screen.say("");
    line(
        "still runs",
        status.processes().stream().map(LocalStatus.Entry::name).collect(Collectors.joining(", ")));
    line("stop it", "fettle down (runs and models stay; running it again loads the model again)");
    line("your data", "fettle init --from rows.csv");
  }

  private void line(String subject, String text) {
    var shown = text.replaceAll("\\s*\\R\\s*", " / ");
    boolean cut = shown.length() > LONGEST && (subject.equals("base") || subject.equals("tuned"));
    screen.say(
        String.format(
            Locale.ROOT, "  %-12s %s", subject, cut ? shown.substring(0, LONGEST) + "..." : shown));
  }
}
