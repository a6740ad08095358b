package io.fettle.workers.control;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.StopOrders;
import io.fettle.workflows.run.FineTuneWorkflow;
import io.fettle.workflows.run.Pause;
import io.fettle.workflows.spec.CapacityTerms;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Orders to runs that are not waited for: a run that does not answer must not stop the sweep. */
final class RunOrders implements StopOrders {
  private static final Logger LOG = LoggerFactory.getLogger(RunOrders.class);
  private static final String BY = "fettle";

  private final WorkflowClient client;
  private final Executor executor;
  private final Set<String> underWay = ConcurrentHashMap.newKeySet();

  RunOrders(WorkflowClient client, Executor executor) {
    this.client = client;
    this.executor = executor;
  }

  @Override
  public boolean isOurs(Execution by) {
    return by.namespace().equals(client.getOptions().getNamespace());
  }

  @Override
  public Optional<CapacityTerms> terms(Execution by) {
    try {
      var terms = workflow(by).terms();
      return terms.equals(CapacityTerms.NONE)
          ? Optional.empty()
          : Optional.of(terms); // no plan yet
    } catch (WorkflowException | StatusRuntimeException away) {
      LOG.debug("run {} does not say what it may cost", by.run(), away);
      return Optional.empty();
    }
  }

  @Override
  public void stop(Execution by, String why) {
    if (underWay.add(by.run())) {
      executor.execute(() -> pause(by, why));
    }
  }

  private void pause(Execution by, String why) {
    try {
      workflow(by).pause(new Pause(BY, why));
      LOG.info("run {} is paused: {}", by.run(), why);
    } catch (WorkflowException | StatusRuntimeException refused) {
      LOG.info("run {} takes no pause: {}", by.run(), refused.toString()); // it waits already
    } finally {
      underWay.remove(by.run());
    }
  }

  private FineTuneWorkflow workflow(Execution by) {
    return client.newWorkflowStub(FineTuneWorkflow.class, by.run());
  }
}
