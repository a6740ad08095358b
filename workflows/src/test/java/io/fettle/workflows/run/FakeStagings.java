package io.fettle.workflows.run;

import io.fettle.workflows.training.Staged;
import io.fettle.workflows.wire.FailureType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Stagings onto hosts, of which some fail. */
final class FakeStagings {
  volatile FailureType fails = FailureType.STEP_FAILED;
  private final AtomicInteger fine = new AtomicInteger();
  private final AtomicInteger failing = new AtomicInteger();
  private final List<String> staged = Collections.synchronizedList(new ArrayList<>());

  void nextFail(int times) {
    failing.set(times);
  }

  /** The next ones are fine, and those after them fail. */
  void failAfter(int fineOnes, int times) {
    fine.set(fineOnes);
    failing.set(times);
  }

  Staged stage(String host) {
    if (!takeOne(fine) && takeOne(failing)) {
      throw fails.failure("no space left on the device");
    }
    staged.add(host);
    return new Staged(1, 0);
  }

  private static boolean takeOne(AtomicInteger left) {
    return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
  }

  /** The host of each, in order. */
  List<String> hosts() {
    return List.copyOf(staged);
  }
}
