package io.fettle.workers.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.HostClaim;
import io.fettle.activities.machine.HostCheck.Finding;
import io.fettle.activities.machine.HostCheck.Fitness;
import io.fettle.activities.machine.HostCheck.State;
import io.fettle.activities.programs.Environments;
import io.fettle.workers.settings.Pollers;
import io.fettle.workflows.training.StageJob;
import io.fettle.workflows.training.Staged;
import io.fettle.workflows.training.StagingActivities;
import io.fettle.workflows.wire.FailureType;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.RetryOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

@Timeout(60)
class HostFitnessTest {
  private static final Finding NO_GPU =
      new Finding("shape", State.MISSING, "0 GPUs of 1", "name another type");

  private final TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance();
  private final AtomicInteger staged = new AtomicInteger();

  @WorkflowInterface
  public interface StagingOnce {
    @WorkflowMethod
    String run(String queue);
  }

  /** Says of which type its step failed, and why. */
  public static final class StagingOnceImpl implements StagingOnce {
    @Override
    public String run(String queue) {
      var options =
          ActivityOptions.newBuilder()
              .setTaskQueue(queue)
              .setStartToCloseTimeout(Duration.ofSeconds(30))
              .setHeartbeatTimeout(Duration.ofSeconds(10))
              .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
              .build();
      try {
        var staging = Workflow.newActivityStub(StagingActivities.class, options);
        return "staged " + staging.stage(new StageJob("run", "token", List.of())).bytesFetched();
      } catch (ActivityFailure failure) {
        var cause = (ApplicationFailure) failure.getCause();
        return cause.getType() + ": " + cause.getOriginalMessage();
      }
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /** Of a machine that has fewer GPUs than its shape says. */
  private void checkLaunched(Path folder, boolean shared) throws IOException {
    var settings =
        new Binder(
                new MapConfigurationPropertySource(
                    Map.of(
                        "agent.host", "fettle-t-1",
                        "agent.shape", "h100-80gb-x64",
                        "agent.token", "t-1",
                        "agent.shared", shared)))
            .bind("agent", AgentSettings.class)
            .get();
    var claim =
        Capacity.localClaim(
            folder, folder, new HostClaim.Identity("fettle-t-1", "1", "kube", "h100-80gb-x64"));
    var environments = new Environments(Environments.Options.of(folder, folder));
    new AgentWiring()
        .fitness(settings, claim, new HostFolder(folder), environments)
        .check(() -> {});
  }

  private Staged stage() {
    staged.incrementAndGet();
    return new Staged(7, 0);
  }

  private String step(HostFitness fitness, String queue) {
    server.newWorker("runs").registerWorkflowImplementationTypes(StagingOnceImpl.class);
    server.start();
    var factory = Pollers.factory(server.getWorkflowClient(), 0, fitness);
    factory.newWorker(queue).registerActivitiesImplementations((StagingActivities) _ -> stage());
    factory.start();
    try {
      var options = WorkflowOptions.newBuilder().setTaskQueue("runs").build();
      var run = server.getWorkflowClient().newWorkflowStub(StagingOnce.class, options);
      WorkflowStub.fromTyped(run).start(queue);
      return WorkflowStub.fromTyped(run).getResult(String.class);
    } finally {
      factory.shutdownNow();
    }
  }

  @Test
  void no_step_begins_on_a_host_that_cannot_do_what_its_shape_promises() {
    var unfit =
        HostFitness.looking("aws-1", "steps", () -> new Fitness(List.of(NO_GPU), List.of()));

    assertThat(step(unfit, "steps"))
        .isEqualTo(
            FailureType.HOST_UNFIT.type()
                + ": host aws-1 cannot do what its shape promises:"
                + " shape: 0 GPUs of 1; name another type");
    assertThat(staged).hasValue(0);
  }

  @Test
  void what_is_asked_on_another_queue_is_answered_all_the_same() {
    var unfit =
        HostFitness.looking("aws-1", "steps", () -> new Fitness(List.of(NO_GPU), List.of()));

    assertThat(step(unfit, "control")).isEqualTo("staged 7");
  }

  @Test
  void a_host_with_less_than_usual_works_and_so_does_one_that_could_not_be_looked_over() {
    var less = HostFitness.looking("a", "steps", () -> new Fitness(List.of(), List.of(NO_GPU)));
    less.check(() -> {});
    var unread =
        HostFitness.looking(
            "b",
            "steps",
            () -> {
              throw new IOException("no such file");
            });

    assertThat(step(unread, "steps")).isEqualTo("staged 7");
  }

  @Test
  void a_host_that_has_but_a_part_of_its_machine_is_not_looked_over(@TempDir Path folder)
      throws IOException {
    assertThatThrownBy(() -> checkLaunched(folder, false)).hasMessageContaining("shape: ");

    checkLaunched(folder, true);
  }

  @Test
  void a_machine_is_looked_over_once_and_steps_that_wait_for_it_show_that_they_live() {
    var looks = new AtomicInteger();
    var waited = new CountDownLatch(1);
    var fitness =
        HostFitness.looking(
            "a",
            "steps",
            () -> {
              looks.incrementAndGet();
              waited.await();
              return new Fitness(List.of(NO_GPU), List.of());
            });

    for (int step = 0; step < 2; step++) {
      assertThatThrownBy(() -> fitness.check(waited::countDown)).hasMessageContaining("0 GPUs");
    }
    assertThat(looks).hasValue(1);
    assertThat(waited.getCount()).isZero();
  }
}
