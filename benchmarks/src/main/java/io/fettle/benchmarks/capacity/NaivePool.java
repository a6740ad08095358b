package io.fettle.benchmarks.capacity;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.spec.CapacityTerms;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The control: launches with a new token each time, keeps what it has in memory, and ends what it
 * remembers. Its process's death loses that.
 */
final class NaivePool {
  private static final int LAUNCHED_AT = 4;
  private static final int TERMINATED_AT = 9;

  private final Cloud cloud;
  private final String owner;
  private final String run;
  private final Offer offer;
  private final List<Machine> remembered = new ArrayList<>();

  NaivePool(Cloud cloud, String owner, String run, Offer offer) {
    this.cloud = cloud;
    this.owner = owner;
    this.run = run;
    this.offer = offer;
  }

  /**
   * @param point 0: it lives
   */
  void acquireAndDieAt(int point) throws IOException {
    if (point > 0 && point < LAUNCHED_AT) {
      return;
    }
    var token = UUID.randomUUID().toString();
    remembered.add(
        cloud.launch(new Intent(token, owner, Pools.by(run), offer, CapacityTerms.NONE)));
    if (point >= TERMINATED_AT) {
      release();
    }
    if (point > 0) {
      remembered.clear();
    }
  }

  void release() throws IOException {
    for (var machine : remembered) {
      cloud.terminate(machine);
    }
  }
}
