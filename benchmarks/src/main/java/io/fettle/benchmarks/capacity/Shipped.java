package io.fettle.benchmarks.capacity;

import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.policy.Answer;
import io.fettle.activities.capacity.policy.Policy;
import io.fettle.activities.capacity.policy.Purse;
import io.fettle.workflows.capacity.CapacityProgress;
import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The product's own policy, asked as a run asks it: it learns of a market by being refused. */
final class Shipped implements Strategy {
  /** As the run's workflow looks for spot while it is on demand. */
  private static final double LOOK = 600;

  private static final int STEPS = 1_000_000;
  private static final String SHAPE = "shape";
  private static final Instant START = Instant.EPOCH;

  private final Policy policy;

  Shipped(Job job) {
    policy = new Policy(Duration.ofSeconds((long) job.change()));
  }

  @Override
  public boolean overlaps() {
    return true;
  }

  @Override
  public Move next(View view) {
    var now = START.plusMillis((long) (view.now() * 1000));
    while (true) {
      switch (policy.choose(asked(view), now)) {
        case Answer.Chosen(var offer) when offer.market() == Market.ON_DEMAND -> {
          return new Move(Hold.ON_DEMAND, LOOK);
        }
        case Answer.Chosen _ when view.spotIsUp() -> {
          return new Move(Hold.SPOT, LOOK);
        }
        case Answer.Chosen(var offer) ->
            policy.refused(
                offer, "e", new Refusal(Refusal.Kind.STOCKOUT, "empty", "", List.of()), now);
        case Answer.Wait(_, var after) -> {
          return view.hold() == Hold.ON_DEMAND
              ? new Move(Hold.ON_DEMAND, LOOK)
              : new Move(Hold.NOTHING, after.toSeconds());
        }
        case Answer.Refused(var why) -> throw new IllegalStateException(why);
      }
    }
  }

  private static Policy.Asked asked(View view) {
    var job = view.job();
    var progress =
        new CapacityProgress(
            0,
            (long) (view.now() * 1000),
            (int) (view.kept() / job.work() * STEPS),
            STEPS,
            view.trained(),
            view.taken(),
            0);
    var request =
        new CapacityRequest(
            "run", List.of("pool"), SHAPE, 1, terms(job), progress, view.hold() == Hold.ON_DEMAND);
    var offers = List.of(offer(Market.SPOT, job.spot()), offer(Market.ON_DEMAND, job.onDemand()));
    var listing = new Policy.Listing("pool", 1, offers, Optional.empty());
    return new Policy.Asked(request, "e", List.of(listing), Purse.OPEN);
  }

  private static CapacityTerms terms(Job job) {
    return new CapacityTerms(
        Market.SPOT,
        Integer.MAX_VALUE,
        Optional.of(Duration.ofSeconds((long) job.deadline())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(Duration.ofSeconds((long) job.work())),
        CapacityTerms.NONE.lease(),
        CapacityTerms.NONE.stop());
  }

  private static Offer offer(Market market, double price) {
    return new Offer("pool", SHAPE, price, "", market, List.of(new Place("type", "zone", price)));
  }
}
