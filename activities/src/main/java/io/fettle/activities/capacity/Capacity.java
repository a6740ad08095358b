package io.fettle.activities.capacity;

import io.fettle.activities.capacity.local.LocalClaims;
import io.fettle.activities.capacity.local.LocalPool;
import io.fettle.activities.capacity.signal.Ec2Signal;
import io.fettle.activities.capacity.signal.GcpSignal;
import io.fettle.activities.capacity.signal.LocalSignal;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.CapacityActivities;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Makes the parts of this capability. */
public final class Capacity {
  private Capacity() {}

  /**
   * One provider and account. Every call may be repeated; a repeat never launches a second host.
   */
  public interface Pool {
    String name();

    /** What it would give for this shape now; empty where it has nothing. */
    Optional<Offer> offer(String shape) throws IOException;

    /** Makes sure that one host exists for the token; empty where there is no room after all. */
    Optional<Acquisition> acquire(AcquireRequest request) throws IOException;

    HostDescription describe(DescribeRequest request) throws IOException;

    void release(ReleaseRequest request) throws IOException;
  }

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

  /**
   * The claim of one agent of the local pool.
   *
   * @param state as for {@link #local}
   * @param hostDirectory the agent's own folder
   */
  public static HostClaim localClaim(Path state, Path hostDirectory, HostClaim.Identity identity) {
    return new HostClaim(identity, hostDirectory, new LocalClaims(state, identity.host()));
  }

  /** The local pool's notices to one of its hosts. */
  public static PreemptionSignal localSignal(Path state, String host) {
    return new LocalSignal(state.resolve("pool").resolve(host + ".json"));
  }

  /**
   * EC2's notices to the machine that asks.
   *
   * @param endpoint of its metadata server
   */
  public static PreemptionSignal ec2Signal(URI endpoint) {
    return new Ec2Signal(endpoint);
  }

  /**
   * Compute Engine's notices to the machine that asks, which name no time.
   *
   * @param endpoint of its metadata server
   * @param preemption from a preemption's notice to the end
   * @param maintenance from a maintenance event's notice to the end
   */
  public static PreemptionSignal gcpSignal(
      URI endpoint, Duration preemption, Duration maintenance) {
    return new GcpSignal(endpoint, preemption, maintenance);
  }
}
