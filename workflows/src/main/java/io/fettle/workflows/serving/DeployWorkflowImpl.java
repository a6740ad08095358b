package io.fettle.workflows.serving;

import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.SearchAttributes;
import io.fettle.workflows.wire.TaskQueues;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.TemporalFailure;
import io.temporal.workflow.UpdateInfo;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** At first depth: load, ready, flip, drain. No canary. */
public final class DeployWorkflowImpl implements DeployWorkflow {
  private static final Duration DRAIN = Duration.ofSeconds(20);
  private static final String NO_CANARY = "no canary";

  /** The alias is a store call: short, repeated while the store is away. */
  private static final ActivityOptions SHORT =
      ActivityOptions.newBuilder()
          .setTaskQueue(TaskQueues.CONTROL)
          .setStartToCloseTimeout(Duration.ofMinutes(1))
          .setSummary("flip the alias by compare-and-set")
          .build();

  private final Set<String> withdrawn = new LinkedHashSet<>();
  private EndpointState state;
  private final List<String> updates = new ArrayList<>();
  private boolean busy;

  /** Updates need the state, so it is set before the first of them runs. */
  @WorkflowInit
  public DeployWorkflowImpl(EndpointState state) {
    this.state = state;
  }

  @Override
  public void own(EndpointState given) {
    show();
    Workflow.await(
        () -> Workflow.getInfo().isContinueAsNewSuggested() && Workflow.isEveryHandlerFinished());
    Workflow.newContinueAsNewStub(DeployWorkflow.class).own(state);
  }

  @Override
  public Deployment deploy(DeployRequest request) {
    String update = Workflow.getCurrentUpdateInfo().map(UpdateInfo::getUpdateId).orElse("");
    updates.add(update);
    try {
      Workflow.await(() -> !busy || isWithdrawn(update));
      refuseWithdrawn(request, update);
      refuseSuperseded(request, update);
      return alreadyDone(request).orElseGet(() -> alone(request, update));
    } finally {
      updates.remove(update);
    }
  }

  private Deployment alone(DeployRequest request, String update) {
    busy = true;
    try {
      return replace(request, update);
    } catch (ActivityFailure failure) {
      throw explained(failure);
    } finally {
      busy = false;
      show();
    }
  }

  /** One whose worker died after the alias had flipped asks a second time. */
  private Optional<Deployment> alreadyDone(DeployRequest request) {
    return state
        .alias()
        .filter(alias -> alias.modelId().equals(request.modelId()))
        .filter(alias -> alias.version() == request.incumbentVersion() + 1)
        .map(
            alias ->
                new Deployment(request.endpoint(), alias, state.engine().orElseThrow(), NO_CANARY));
  }

  @Override
  public void withdraw(WithdrawDeploy request) {
    withdrawn.add(request.request());
  }

  /** An attempt's id is the request's and a number. */
  private boolean isWithdrawn(String update) {
    return withdrawn.contains(update.substring(0, Math.max(0, update.lastIndexOf('-'))));
  }

  /** One that was itself taken back supersedes nobody. */
  private void refuseSuperseded(DeployRequest request, String update) {
    List<String> later = updates.subList(updates.indexOf(update) + 1, updates.size());
    if (!later.stream().allMatch(this::isWithdrawn)) {
      throw FailureType.SUPERSEDED.failure(
          "a newer request for " + request.endpoint() + " came while this one waited");
    }
  }

  private void refuseWithdrawn(DeployRequest request, String update) {
    if (isWithdrawn(update)) {
      throw FailureType.WITHDRAWN.failure(
          "the request of %s for %s was taken back".formatted(request.run(), request.endpoint()));
    }
  }

  private Deployment replace(DeployRequest request, String update) {
    String queue = request.hostQueue();
    Engine engine =
        host(queue, "load " + request.modelId())
            .loadEngine(
                new LoadEngine(
                    request.endpoint(),
                    request.run(),
                    request.modelId(),
                    request.spec(),
                    request.model()));
    Alias alias = flipped(request, engine, update);
    Optional<Engine> old = state.engine().filter(previous -> !previous.key().equals(engine.key()));
    state = new EndpointState(request.endpoint(), Optional.of(alias), Optional.of(engine));
    Workflow.upsertTypedSearchAttributes(SearchAttributes.ENDPOINT.valueSet(request.endpoint()));
    old.ifPresent(previous -> stop(previous, engine));
    return new Deployment(request.endpoint(), alias, engine, NO_CANARY);
  }

  /** Only an engine that has generated a token is routed to; one that is not is stopped again. */
  private Alias flipped(DeployRequest request, Engine engine, String update) {
    try {
      refuseWithdrawn(request, update);
      host(request.hostQueue(), "wait for a generated token").engineReady(engine);
      refuseWithdrawn(request, update);
      return Workflow.newActivityStub(AliasActivities.class, SHORT)
          .flipAlias(
              new FlipAlias(
                  request.endpoint(),
                  request.incumbentVersion(),
                  request.modelId(),
                  engine.url(),
                  engine.modelName()));
    } catch (TemporalFailure failure) { // an activity's, or our own refusal
      boolean serves =
          state.engine().filter(serving -> serving.key().equals(engine.key())).isPresent();
      if (!serves) {
        stop(engine, engine);
      }
      throw failure;
    }
  }

  /**
   * The old engine's host may be gone, but engines of one machine can be stopped by the next host
   * on it.
   */
  private void stop(Engine old, Engine newer) {
    if (!stopped(old, old.hostQueue()) && !old.hostQueue().equals(newer.hostQueue())) {
      boolean _ = stopped(old, newer.hostQueue());
    }
  }

  private boolean stopped(Engine old, String queue) {
    try {
      host(queue, "drain and stop " + old.modelName())
          .stopEngine(new StopEngine(old.key(), DRAIN, Optional.of(state.endpoint())));
      return true;
    } catch (ActivityFailure gone) {
      Workflow.getLogger(DeployWorkflowImpl.class)
          .warn("the engine could not be stopped: {}", gone.getMessage());
      return false;
    }
  }

  private static RuntimeException explained(ActivityFailure failure) {
    return failure.getCause() instanceof ApplicationFailure known
        ? FailureType.of(known.getType()).failure(known.getOriginalMessage())
        : FailureType.HOST_LOST.failure(
            "the engine's host did not answer: " + failure.getMessage());
  }

  /** An engine's start may take minutes under load; schedule-to-start shows a host that is gone. */
  private static EngineActivities host(String queue, String summary) {
    return Workflow.newActivityStub(
        EngineActivities.class,
        ActivityOptions.newBuilder()
            .setTaskQueue(queue)
            .setScheduleToStartTimeout(Duration.ofSeconds(45))
            .setStartToCloseTimeout(Duration.ofMinutes(15))
            .setHeartbeatTimeout(Duration.ofSeconds(45))
            .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(3).build())
            .setSummary(summary)
            .build());
  }

  @Override
  public EndpointState state() {
    return state;
  }

  private void show() {
    String serves =
        state
            .alias()
            .map(alias -> alias.modelId() + ", version " + alias.version())
            .orElse("nothing yet");
    Workflow.setCurrentDetails("### " + state.endpoint() + "\n\nserves **" + serves + "**");
  }
}
