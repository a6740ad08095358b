package io.fettle.benchmarks.gate;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A model with known failings. Every question begins with its number, {@code Ticket 17:}, by which
 * it is known wherever it stands in a prompt. It is answered rightly, or wrongly until the one
 * thing is done that mends it; then the answer flips with a known chance, which depends on the
 * question and on how it was asked, so that asking again changes nothing.
 */
final class PlannedAnswers implements Function<Asked, String> {
  /** What mends an answer. */
  enum Mended {
    ALWAYS_RIGHT,
    BY_FORM,
    BY_PROMPT,
    BY_PASSAGE,
    BY_SIZE,
    BY_TUNING
  }

  /** In the name of the model. */
  static final String BIG = "big";

  static final String TUNED = "tuned";

  /** In the better system prompt. */
  static final String BETTER = "Follow the house style to the letter.";

  private static final Pattern NUMBER = Pattern.compile("Ticket (\\d+):");

  private final Map<Integer, Planned> plan = new TreeMap<>();
  private final double errors;
  private final long seed;

  PlannedAnswers(List<Planned> questions, double errors, long seed) {
    questions.forEach(question -> plan.put(question.number(), question));
    this.errors = errors;
    this.seed = seed;
  }

  /**
   * One question.
   *
   * @param passage that holds the answer; empty: none does
   */
  record Planned(
      int number, String question, String right, String wrong, Mended mended, String passage) {
    String text() {
      return "Ticket " + number + ": " + question;
    }
  }

  @Override
  public String apply(Asked asked) {
    Planned planned = plan.get(number(asked.question()));
    if (planned == null) {
      return "I do not know this ticket.";
    }
    boolean right = isRight(planned, asked) ^ flips(planned, asked);
    if (right) {
      return planned.right();
    }
    boolean talks = planned.mended() == Mended.BY_FORM && !asked.constrained();
    return talks ? "Sure! I would say: " + planned.right() : planned.wrong();
  }

  /** The last one: passages and examples stand before the question. */
  private static int number(String question) {
    Matcher found = NUMBER.matcher(question);
    int last = -1;
    while (found.find()) {
      last = Integer.parseInt(found.group(1));
    }
    return last;
  }

  private static boolean isRight(Planned planned, Asked asked) {
    return asked.model().contains(TUNED)
        || switch (planned.mended()) {
          case ALWAYS_RIGHT -> true;
          case BY_FORM -> asked.constrained();
          case BY_PROMPT -> asked.everything().contains(BETTER);
          case BY_PASSAGE ->
              !planned.passage().isEmpty() && asked.everything().contains(planned.passage());
          case BY_SIZE -> asked.model().contains(BIG);
          case BY_TUNING -> false;
        };
  }

  private boolean flips(Planned planned, Asked asked) {
    long how =
        31L * asked.everything().hashCode()
            + 7L * asked.model().hashCode()
            + (asked.constrained() ? 1 : 0);
    return new Random(seed ^ (planned.number() * 0x9E37_79B9_7F4A_7C15L) ^ how).nextDouble()
        < errors;
  }
}
