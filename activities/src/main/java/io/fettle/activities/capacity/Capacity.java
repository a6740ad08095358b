package io.fettle.activities.capacity;

import io.fettle.activities.capacity.local.LocalClaims;
import io.fettle.activities.capacity.local.LocalPool;
import io.fettle.activities.capacity.signal.LocalSignal;
import io.fettle.workflows.capacity.CapacityActivities;
import java.nio.file.Path;
import java.util.List;

/** Makes the parts of this capability. */
public final class Capacity {
  private Capacity() {}

  public static CapacityActivities activities(List<Pool> pools) {
    return new PoolActivities(pools);
  }

  /**
   * The pool of this machine.
   *
   * @param state the folder that holds {@code pool/}, {@code hosts/} and {@code processes/}
   * @param hostLimit how many hosts may live at once
   */
  public static Pool local(Path state, int hostLimit) {
    return new LocalPool(state, hostLimit);
  }

  /** The claim of one agent of the local pool. */
  public static HostClaim localClaim(Path state, HostClaim.Identity identity) {
    return new HostClaim(
        identity,
        state.resolve("hosts").resolve(identity.host()),
        new LocalClaims(state, identity.host()));
  }

  /** The local pool's notices to one of its hosts. */
  public static PreemptionSignal localSignal(Path state, String host) {
    return new LocalSignal(state.resolve("pool").resolve(host + ".json"));
  }
}
