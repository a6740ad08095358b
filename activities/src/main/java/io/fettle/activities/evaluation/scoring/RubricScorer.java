package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.judging.Ballot;
import io.fettle.activities.evaluation.judging.Judge;
import io.fettle.activities.evaluation.scoring.Marks.Sheet;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.activities.parallel.AtOnce;
import io.fettle.workflows.evaluation.Scoring;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Yes/no questions about each answer, put to a pinned judge several times each. The mark is the
 * share of questions that most of its replies answer with yes; where there is no majority, or it is
 * unsure, the judge abstains, which is no yes. An empty answer is invalid and not asked about.
 */
final class RubricScorer implements Scorer {
  private static final List<String> WORDS = List.of("yes", "no", "unsure");

  private final Scoring.Rubric rubric;
  private final ScoringOptions options;

  RubricScorer(Scoring.Rubric rubric, ScoringOptions options) {
    this.rubric = rubric;
    this.options = options;
  }

  @Override
  public Marks mark(List<Answer> arm) throws IOException {
    Map<Integer, List<Ballot>> ballots;
    Map<Integer, List<Ballot>> labelled;
    try (Judge judge = Judge.open(rubric.judge(), options.judges())) {
      labelled = ballots(judge, labels());
      ballots = ballots(judge, arm);
    }
    Sheet sheet = new Sheet(arm.size());
    for (int i = 0; i < arm.size(); i++) {
      mark(sheet, i, ballots.getOrDefault(i, List.of()));
    }
    describe(sheet, ballots.values());
    if (!rubric.labels().isEmpty()) {
      List<Boolean> people = rubric.labels().stream().map(Scoring.Label::good).toList();
      List<Boolean> judge =
          IntStream.range(0, people.size())
              .mapToObj(i -> accepted(labelled.getOrDefault(i, List.of())))
              .toList();
      long accepted = ballots.values().stream().filter(RubricScorer::accepted).count();
      new Calibration(people, judge).describe(sheet, (int) accepted, arm.size());
    }
    return sheet.mean(rubric.questions().size() == 1);
  }

  private List<Answer> labels() {
    return rubric.labels().stream()
        .map(label -> new Answer("", label.question(), label.reference(), label.answer()))
        .toList();
  }

  private Map<Integer, List<Ballot>> ballots(Judge judge, List<Answer> answers) throws IOException {
    Map<Integer, List<Ballot>> ballots = new ConcurrentHashMap<>();
    AtOnce.each(
        IntStream.range(0, answers.size())
            .filter(i -> !answers.get(i).answer().isBlank())
            .boxed()
            .toList(),
        judge.concurrency(),
        i -> ballots.put(i, asked(judge, answers.get(i))));
    return ballots;
  }

  /** Whether the judge answers every question with yes, which is what people call good. */
  private static boolean accepted(List<Ballot> ballots) {
    return !ballots.isEmpty() && ballots.stream().allMatch(ballot -> said(ballot).equals("yes"));
  }

  private List<Ballot> asked(Judge judge, Answer line) throws IOException {
    List<Ballot> ballots = new ArrayList<>();
    try {
      for (String question : rubric.questions()) {
        String user = Exhibits.of(line) + "\nThe criterion: " + question;
        ballots.add(judge.ask(rubric.instructions(), user, WORDS));
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("judging was stopped");
    }
    return Collections.unmodifiableList(ballots);
  }

  private static void mark(Sheet sheet, int item, List<Ballot> ballots) {
    if (ballots.isEmpty()) {
      sheet.invalid(item, "empty");
      return;
    }
    long yes = ballots.stream().filter(ballot -> said(ballot).equals("yes")).count();
    sheet.mark(item, yes / (double) ballots.size());
    sheet.rulings(
        item,
        ballots.stream()
            .map(ballot -> new Marks.Ruling(said(ballot), ballot.reason(), ballot.unanimous()))
            .toList());
  }

  private static String said(Ballot ballot) {
    return ballot.winner().orElse("unsure");
  }

  private void describe(Sheet sheet, Iterable<List<Ballot>> all) {
    int questions = rubric.questions().size();
    long[] yes = new long[questions];
    long items = 0;
    long abstained = 0;
    long split = 0;
    for (List<Ballot> ballots : all) {
      items++;
      for (int question = 0; question < questions; question++) {
        String said = said(ballots.get(question));
        yes[question] += said.equals("yes") ? 1 : 0;
        abstained += said.equals("unsure") ? 1 : 0;
        split += ballots.get(question).unanimous() ? 0 : 1;
      }
    }
    if (items == 0) {
      return;
    }
    for (int question = 0; question < questions; question++) {
      sheet.extra("criterion_%d_yes".formatted(question + 1), yes[question] / (double) items);
    }
    sheet.extra("abstain_rate", abstained / (double) (items * questions));
    sheet.extra("disagreement_rate", split / (double) (items * questions));
  }
}
