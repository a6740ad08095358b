package io.fettle.workflows.run;

import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.AskAgain;
import io.fettle.workflows.capacity.CapacityActivities;
import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.capacity.KeepTerms;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.TaskQueues;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What a pool offers: its own hosts, or of a cloud what the run asks for. */
abstract class FakeOffers implements CapacityActivities {
  private final List<CapacityRequest> choices = Collections.synchronizedList(new ArrayList<>());
  private final List<CapacityTerms> kept = Collections.synchronizedList(new ArrayList<>());
  volatile boolean full;
  volatile Duration patience = Duration.ZERO;

  /** So many of the next hosts on spot are launched and never claim. */
  final AtomicInteger silentSpotHosts = new AtomicInteger();

  volatile Optional<Duration> askAgain = Optional.empty();

  List<CapacityRequest> choices() {
    return List.copyOf(choices);
  }

  /** The pools that each choice was among. */
  List<String> asked() {
    return choices().stream().map(choice -> String.join(",", choice.pools())).toList();
  }

  /** The shape that each choice was for. */
  List<String> shapes() {
    return choices().stream().map(CapacityRequest::shape).toList();
  }

  @Override
  public Offer choose(CapacityRequest request) {
    choices.add(request);
    if (full) {
      throw FailureType.NO_CAPACITY.failure(
          "every host is taken", askAgain.stream().map(AskAgain::new).toArray());
    }
    return request.terms().market() == Market.OWNED
        ? Offer.owned("local", request.shape(), "the only pool")
        : launched(request);
  }

  private static Offer launched(CapacityRequest request) {
    Market market = request.cheaper() ? Market.SPOT : Market.ON_DEMAND;
    return new Offer(
        "local", request.shape(), 1, "", market, List.of(new Place("type", "zone", 1)));
  }

  @Override
  public void keepTerms(KeepTerms request) {
    kept.add(request.terms());
  }

  /** What runs may cost, as they kept it outside, in order. */
  List<CapacityTerms> kept() {
    return List.copyOf(kept);
  }

  @Override
  public Acquisition acquire(AcquireRequest request) {
    boolean isSilent =
        request.offer().market() == Market.SPOT
            && silentSpotHosts.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
    return isSilent
        ? new Acquisition(request.token(), "nobody", "", Duration.ofMillis(100))
        : new Acquisition(request.token(), TaskQueues.pool("local", "cpu"), "", patience);
  }
}
