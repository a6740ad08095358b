package io.fettle.cli.runs;

import io.fettle.activities.evaluation.Evaluation;
import io.fettle.activities.spec.SpecReading;
import io.fettle.activities.store.ObjectStore;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.StoreAddress;
import io.fettle.workflows.run.FineTuneWorkflow;
import io.fettle.workflows.run.RunRequest;
import io.fettle.workflows.training.TakeOver;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.SearchAttributes;
import io.fettle.workflows.wire.TaskQueues;
import io.fettle.workflows.wire.Wire;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Puts spec and criteria into the store and starts the run, or joins the one that lives under its
 * id.
 */
public final class Submission {
  /** Ends the ids of runs that end with the advice. */
  static final String ADVICE = "-advice";

  private final WorkflowClient client;
  private final StoreAddress store;

  public Submission(WorkflowClient client, StoreAddress store) {
    this.client = client;
    this.store = store;
  }

  /** The run's id. A live run is joined, a failed or finished one begins a new execution. */
  public String start(SpecReading.Accepted accepted, boolean fresh) {
    return start(accepted, frozen(accepted, fresh));
  }

  /** As {@link #start}, whose first lease may end one of another namespace. */
  public String startTakingOver(SpecReading.Accepted accepted, boolean fresh, TakeOver by) {
    return start(accepted, frozen(accepted, fresh).takingOver(by));
  }

  /**
   * Starts a run that ends with the advice, under an id of its own: who runs the spec itself
   * meanwhile does not join it. Both look the same steps up.
   */
  public String startAdvice(SpecReading.Accepted accepted, boolean fresh) {
    return start(accepted, frozen(accepted, fresh).forAdvice(), accepted.runId() + ADVICE);
  }

  private String start(SpecReading.Accepted accepted, RunRequest request) {
    return start(accepted, request, accepted.runId());
  }

  private String start(SpecReading.Accepted accepted, RunRequest request, String id) {
    FineTuneWorkflow run =
        client.newWorkflowStub(
            FineTuneWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(id)
                .setTaskQueue(TaskQueues.CONTROL)
                .setWorkflowIdConflictPolicy(
                    WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .setStaticSummary(
                    accepted.spec().name()
                        + ", "
                        + accepted
                            .spec()
                            .method()
                            .tuning()
                            .name()
                            .toLowerCase(java.util.Locale.ROOT))
                .setStaticDetails(
                    "Spec `%s`. Follow it with `fettle watch %s`."
                        .formatted(request.spec().shortHash(), id))
                .setTypedSearchAttributes(attributes(accepted))
                .build());
    WorkflowClient.start(run::run, request);
    return id;
  }

  private static io.temporal.common.SearchAttributes attributes(SpecReading.Accepted accepted) {
    return io.temporal.common.SearchAttributes.newBuilder()
        .set(SearchAttributes.NAME, accepted.spec().name())
        .set(SearchAttributes.DATASET, SearchAttributes.NO_DATASET)
        .build();
  }

  private RunRequest frozen(SpecReading.Accepted accepted, boolean fresh) {
    try (ObjectStore objects = store.open()) {
      Reference spec = objects.putBlob(accepted.canonical().getBytes(StandardCharsets.UTF_8));
      Reference criteria =
          objects.putBlob(
              Wire.mapper()
                  .writeValueAsBytes(
                      Evaluation.criteria(accepted.spec(), objects, store.access())));
      return RunRequest.of(accepted.spec().name(), spec, criteria, fresh);
    } catch (Evaluation.Unusable named) {
      throw new CommandFailure(ExitCode.INVALID, String.valueOf(named.getMessage()), named);
    } catch (IOException away) {
      throw store.away(away);
    }
  }
}
