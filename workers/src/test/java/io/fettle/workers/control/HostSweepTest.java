package io.fettle.workers.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Capacity.Watch;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.temporal.testing.TestWorkflowEnvironment;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HostSweepTest {
  private final TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance();
  private final CountDownLatch never = new CountDownLatch(1);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_pool_is_swept_although_another_and_the_runs_never_answer() throws Exception {
    var swept = new CountDownLatch(3);
    var silent = new Swept("silent", this::hang);
    var well = new Swept("well", swept::countDown);
    Watch budgets =
        () -> {
          hang();
          return List.of();
        };
    var runs = Capacity.runs(server.getWorkflowClient());

    try (var sweep = new HostSweep(List.of(silent, well), runs, budgets, Duration.ofMillis(5))) {
      sweep.start();

      assertThat(swept.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void a_look_that_fails_is_tried_again() throws Exception {
    var looks = new CountDownLatch(3);
    Watch budgets =
        () -> {
          looks.countDown();
          throw new IOException("the store is away");
        };
    var runs = Capacity.runs(server.getWorkflowClient());

    try (var sweep = new HostSweep(List.of(), runs, budgets, Duration.ofMillis(5))) {
      sweep.start();

      assertThat(looks.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private void hang() {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A pool that is swept and does nothing else. */
  private record Swept(String name, Runnable sweep) implements Pool {
    @Override
    public List<Offer> offers(String shape) {
      return List.of();
    }

    @Override
    public Acquisition acquire(AcquireRequest request, Execution by) {
      throw new UnsupportedOperationException();
    }

    @Override
    public HostDescription describe(DescribeRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void release(ReleaseRequest request) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> sweep(Runs runs, Instant now) {
      sweep.run();
      return List.of();
    }
  }
}
