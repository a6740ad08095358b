package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.capacity.RunningEc2;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Spot instances of EC2, each launched for one acquisition. */
record LaunchedHosts(RunningEc2 ec2) implements HostPool {
  @Override
  public Plan plan(Reference config, Duration lease) {
    return TinyTraining.plan(config, lease, List.of(RunningEc2.POOL), terms(lease));
  }

  /** Spot, whatever it takes back, and without a cap. */
  private static CapacityTerms terms(Duration lease) {
    return new CapacityTerms(
        Market.SPOT,
        Integer.MAX_VALUE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        lease,
        CapacityTerms.NONE.stop());
  }

  @Override
  public Path folder(String host) {
    return ec2.state(host);
  }

  @Override
  public OptionalLong agent(String host) {
    return ec2.agent(host);
  }

  @Override
  public void notice(String host, Duration window) {
    ec2.notice(host, window);
  }

  @Override
  public void sayTerminated(String host) throws IOException {
    ec2.interrupt(host);
  }

  @Override
  public void sayNothing(String host) {}

  @Override
  public void dies(String host) {
    ec2.hang(host);
  }

  @Override
  public String word() {
    return RunningEc2.TAKEN_BACK;
  }
}
