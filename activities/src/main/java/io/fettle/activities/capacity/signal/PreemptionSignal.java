package io.fettle.activities.capacity.signal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/** How a host learns that its provider will take it away. Asked by one thread, again and again. */
public interface PreemptionSignal {
  /**
   * What the provider says now; may wait some seconds for it to change.
   *
   * @throws IOException if the provider did not answer, or not as documented: nothing is assumed,
   *     and the caller asks again
   */
  Sign look() throws IOException, InterruptedException;

  /** Between the answer to one look and the next look. */
  Duration pause();

  /** The local pool's notices to one of its hosts. */
  static PreemptionSignal local(Path state, String host) {
    return new LocalSignal(state.resolve("pool").resolve(host + ".json"));
  }

  /**
   * EC2's notices to the machine that asks.
   *
   * @param endpoint of its metadata server
   */
  static PreemptionSignal ec2(URI endpoint) {
    return new Ec2Signal(endpoint);
  }

  /**
   * Compute Engine's notices to the machine that asks, which name no time.
   *
   * @param endpoint of its metadata server
   * @param preemption from a preemption's notice to the end
   * @param maintenance from a maintenance event's notice to the end
   */
  static PreemptionSignal gcp(URI endpoint, Duration preemption, Duration maintenance) {
    return new GcpSignal(endpoint, preemption, maintenance);
  }

  /** What was said. */
  sealed interface Sign {
    /** The host stays. */
    record Quiet() implements Sign {}

    /** The host may be taken soon: worth a checkpoint, not a stop. */
    record Risk(String reason) implements Sign {}

    /**
     * The host ends {@code window} after the look returned. A duration, since the provider's clock
     * and this machine's need not agree.
     */
    record Leave(String reason, Duration window) implements Sign {}
  }
}
