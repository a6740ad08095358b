package io.fettle.activities.capacity;

import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Standing;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.capacity.elastic.Spending;
import io.fettle.activities.capacity.policy.Policy;
import io.fettle.activities.capacity.policy.Purse;
import io.fettle.workflows.capacity.Place;
import java.io.IOException;
import java.util.List;
import java.util.function.Predicate;

/**
 * Looks at the caps once more when a host's intent is written: runs that share one may have been
 * told of the same money.
 *
 * <p>A host is launched only if the caps pay for it beside every other intent that is in the store
 * by then. Of two at once the later sees the earlier, so both are never launched where one is paid
 * for. Which of them goes is decided by their tokens: one that would fit but for intents after its
 * own waits until those are decided, one that does not fit beside those before it withdraws.
 */
final class CapAdmission implements ElasticPool.Admission {
  private final StorePurses purses;

  CapAdmission(StorePurses purses) {
    this.purses = purses;
  }

  @Override
  public void ask(Intent intent) throws IOException {
    var standing = purses.standing();
    var mine = standing.stream().filter(each -> isOf(intent, each)).findFirst();
    if (mine.isEmpty() || mine.get().place().map(Place::dollarsPerHour).orElse(-1.0) < 0) {
      return; // a price that is not known blocks nothing
    }
    double dollars = Spending.dollars(mine.get(), Purse.least(intent.terms(), Policy.CHANGEOVER));
    var others = standing.stream().filter(each -> !isOf(intent, each)).toList();
    if (purse(intent, others).pays(dollars)) {
      return;
    }
    Predicate<Standing> counts =
        each -> each.admitted() || each.token().compareTo(intent.token()) < 0;
    var purse = purse(intent, others.stream().filter(counts).toList());
    throw purse.pays(dollars)
        ? refusal(
            Refusal.Kind.THROTTLE, "runs with the same cap asked for hosts together; it waits")
        : refusal(
            Refusal.Kind.ENDED,
            "the budget does not pay for this host beside those of runs with the same cap: "
                + purse.show());
  }

  private static boolean isOf(Intent intent, Standing each) {
    return each.token().equals(intent.token());
  }

  private Purse purse(Intent intent, List<Standing> standing) throws IOException {
    return purses.purse(
        intent.by().run(), intent.terms(), standing, each -> Purse.stopping(each.terms()));
  }

  private static Refusal refusal(Refusal.Kind kind, String sentence) {
    return new Refusal(kind, Refusal.BUDGET, sentence, List.of());
  }
}
