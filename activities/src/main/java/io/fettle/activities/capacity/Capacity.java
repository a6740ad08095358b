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
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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

    /**
     * Makes sure that one host exists for the token; empty where there is no room after all.
     *
     * @param by who acquires, kept with the host so that its end can be seen
     */
    Optional<Acquisition> acquire(AcquireRequest request, Execution by) throws IOException;

    HostDescription describe(DescribeRequest request) throws IOException;

    void release(ReleaseRequest request) throws IOException;

    /**
     * Takes back what runs that are over left behind, and nobody else's. Whatever the server is not
     * sure of lives: a run that it cannot be asked about, and one that it does not know yet. Safe
     * to repeat, and beside every other call.
     *
     * @param now on this machine's clock; only ages of a minute and more are taken by it
     * @return what was taken back, a line each, for people
     */
    List<String> sweep(Runs runs, Instant now) throws IOException;
  }

  /** One execution of a run. */
  public record Execution(String namespace, String run, String workflowRun) {}

  /** What the server says of runs. */
  public interface Runs {
    /** A run that the server does not know may be younger than what the server has written. */
    Duration YOUNG = Duration.ofSeconds(90);

    /** Whether an execution goes on, under whatever id it was continued. */
    enum State {
      OPEN,
      OVER,
      /** The server answers, and does not know it. */
      NOT_FOUND,
      /** The server does not answer, or not clearly. */
      UNREACHABLE
    }

    /** The owner's mark: hosts of executions of other namespaces are somebody else's. */
    String namespace();

    State state(Execution execution);

    /**
     * Whether it is over for good: the server says so, or does not know it although it would by
     * now.
     *
     * @param age of what the execution left, at least
     */
    default boolean isOver(Execution execution, Duration age) {
      return switch (state(execution)) {
        case OVER -> true;
        case NOT_FOUND -> age.compareTo(YOUNG) > 0;
        case OPEN, UNREACHABLE -> false;
      };
    }
  }

  public static CapacityActivities activities(List<Pool> pools) {
    return new PoolActivities(pools);
  }

  /** Asks the server that a client is connected to. */
  public static Runs runs(WorkflowClient client) {
    return new ServerRuns(client);
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
