package io.fettle.workers.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.signal.PreemptionSignal.Sign;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.support.GenericApplicationContext;

@Timeout(30)
class PodNoticeTest {
  private final AtomicBoolean idle = new AtomicBoolean();
  private final List<String> stopped = new CopyOnWriteArrayList<>();

  @Test
  void the_end_of_the_process_is_the_notice_and_waits_for_the_trainers() throws Exception {
    var pod = new PodNotice(Duration.ofSeconds(20), idle::get);
    var context = contextOf(pod);

    var closing = CompletableFuture.runAsync(context::close);

    assertThat(pod.look())
        .isInstanceOfSatisfying(
            Sign.Leave.class,
            leave ->
                assertThat(leave.window())
                    .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(20)));
    assertThat(closing).isNotDone();
    assertThat(stopped).as("what drains later").isEmpty();
    idle.set(true);
    closing.get(10, TimeUnit.SECONDS);
    assertThat(stopped).containsExactly("drain");
  }

  @Test
  void a_grace_period_that_is_over_ends_the_wait() throws Exception {
    var context = contextOf(new PodNotice(Duration.ofMillis(300), idle::get));

    CompletableFuture.runAsync(context::close).get(10, TimeUnit.SECONDS);

    assertThat(stopped).containsExactly("drain");
  }

  /** With something in the phase of the workers' drain. */
  private GenericApplicationContext contextOf(PodNotice pod) {
    var context = new GenericApplicationContext();
    context.registerBean(PodNotice.class, () -> pod);
    context.registerBean(Drain.class, () -> new Drain(stopped));
    context.refresh();
    return context;
  }

  private static final class Drain implements SmartLifecycle {
    private final List<String> stopped;
    private boolean running;

    Drain(List<String> stopped) {
      this.stopped = stopped;
    }

    @Override
    public void start() {
      running = true;
    }

    @Override
    public void stop() {
      running = false;
      stopped.add("drain");
    }

    @Override
    public boolean isRunning() {
      return running;
    }

    @Override
    public int getPhase() {
      return DEFAULT_PHASE - 1;
    }
  }
}
