package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.judging.Ballot;
import io.fettle.activities.evaluation.judging.Judge;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.activities.evaluation.scoring.Scorers.PairRuling;
import io.fettle.activities.evaluation.scoring.Scorers.Pairs;
import io.fettle.activities.parallel.AtOnce;
import io.fettle.workflows.evaluation.Scoring;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Two arms' answers side by side, each item in both orders. The judge prefers an answer only where
 * it does so in both; everything else is a tie. Equal answers are a tie and not asked about.
 */
final class PairScorer {
  private static final String FIRST = "first";
  private static final String SECOND = "second";
  private static final List<String> WORDS = List.of(FIRST, SECOND, "tie");

  private final Scoring.Pairwise pairwise;
  private final ScoringOptions options;

  PairScorer(Scoring.Pairwise pairwise, ScoringOptions options) {
    this.pairwise = pairwise;
    this.options = options;
  }

  /**
   * Both orders of one item.
   *
   * @param forward said with ours first
   * @param backward said with ours second
   */
  private record Both(Ballot forward, Ballot backward) {
    private static String said(Ballot ballot) {
      return ballot.winner().orElse("tie");
    }

    PairRuling ruling(String id) {
      return new PairRuling(
          id, name(forwardSays()), name(backwardSays()), forward.reason(), backward.reason());
    }

    private static String name(double preference) {
      return preference == 1 ? "ours" : preference == 0 ? "theirs" : "tie";
    }

    /** 1 for ours, 0 for theirs, a half for a tie, as each order has it. */
    double forwardSays() {
      return said(forward).equals(FIRST) ? 1 : said(forward).equals(SECOND) ? 0 : 0.5;
    }

    double backwardSays() {
      return said(backward).equals(SECOND) ? 1 : said(backward).equals(FIRST) ? 0 : 0.5;
    }

    boolean agrees() {
      return forwardSays() == backwardSays();
    }

    int chosen(String word) {
      return (said(forward).equals(word) ? 1 : 0) + (said(backward).equals(word) ? 1 : 0);
    }
  }

  Pairs compare(List<Answer> ours, List<Answer> theirs) throws IOException {
    if (ours.size() != theirs.size()
        || !IntStream.range(0, ours.size())
            .allMatch(i -> ours.get(i).id().equals(theirs.get(i).id()))) {
      throw new IllegalArgumentException(
          "two arms of %d and %d answers are not of the same items in the same order; answer both anew"
              .formatted(ours.size(), theirs.size()));
    }
    Map<Integer, Both> said = new ConcurrentHashMap<>();
    try (Judge judge = Judge.open(pairwise.judge(), options.judges())) {
      AtOnce.each(
          IntStream.range(0, ours.size())
              .filter(i -> !ours.get(i).answer().strip().equals(theirs.get(i).answer().strip()))
              .boxed()
              .toList(),
          judge.concurrency(),
          i -> said.put(i, both(judge, ours.get(i), theirs.get(i))));
    }
    return pairs(ours, theirs, said);
  }

  private Both both(Judge judge, Answer ours, Answer theirs) throws IOException {
    try {
      return new Both(
          asked(judge, ours, ours.answer(), theirs.answer()),
          asked(judge, ours, theirs.answer(), ours.answer()));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("judging was stopped");
    }
  }

  private Ballot asked(Judge judge, Answer line, String first, String second)
      throws IOException, InterruptedException {
    String user =
        Exhibits.asked(line) + Exhibits.one("first", first) + Exhibits.one("second", second);
    return judge.ask(pairwise.instructions(), user, WORDS);
  }

  private static Pairs pairs(List<Answer> ours, List<Answer> theirs, Map<Integer, Both> said) {
    List<Double> preferences = new ArrayList<>();
    long longer = 0;
    long decided = 0;
    for (int i = 0; i < ours.size(); i++) {
      Both both = said.get(i);
      double preference = both != null && both.agrees() ? both.forwardSays() : 0.5;
      preferences.add(preference);
      int length = Integer.compare(ours.get(i).answer().length(), theirs.get(i).answer().length());
      if (preference != 0.5 && length != 0) {
        decided++;
        longer += (length > 0) == (preference == 1) ? 1 : 0;
      }
    }
    long agreed = said.values().stream().filter(Both::agrees).count();
    long firsts = said.values().stream().mapToInt(both -> both.chosen(FIRST)).sum();
    long seconds = said.values().stream().mapToInt(both -> both.chosen(SECOND)).sum();
    return new Pairs(
        preferences,
        said.size(),
        share(agreed, said.size(), 1),
        share(firsts, firsts + seconds, 0.5),
        share(longer, decided, 0.5),
        IntStream.range(0, ours.size())
            .mapToObj(
                i -> Optional.ofNullable(said.get(i)).map(both -> both.ruling(ours.get(i).id())))
            .flatMap(Optional::stream)
            .toList());
  }

  private static double share(long count, long of, double ofNone) {
    return of == 0 ? ofNone : count / (double) of;
  }
}
