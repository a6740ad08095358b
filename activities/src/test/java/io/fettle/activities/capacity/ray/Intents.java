package io.fettle.activities.capacity.ray;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.SameOfAll;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import java.util.List;

/** What tests ask for. */
final class Intents {
  static final String SHAPE = "a10g-24gb-x1";

  private Intents() {}

  static Intent of(String token, Offer offer) {
    return new Intent(token, "me", by(), offer, CapacityTerms.NONE);
  }

  static Intent of(String token, String shape, String type, Market market) {
    return of(token, new Offer("pool", shape, 1, "", market, List.of(new Place(type, "zone", 1))));
  }

  static Execution by() {
    return new Execution("fettle", "run-1", "execution");
  }

  static AcquireRequest request(String token, Offer offer) {
    return new AcquireRequest("run-1", offer, token, CapacityTerms.NONE);
  }

  static DescribeRequest described(String token) {
    return new DescribeRequest("run-1", "pool", "fettle-" + token, token);
  }

  static ReleaseRequest released(String token) {
    return new ReleaseRequest("run-1", "pool", "fettle-" + token, token, "done", "");
  }

  /** A server that says the same of every run. */
  static Runs all(Runs.State state) {
    return new SameOfAll(state);
  }
}
