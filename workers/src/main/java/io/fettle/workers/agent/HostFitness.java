package io.fettle.workers.agent;

import io.fettle.activities.machine.HostCheck.Finding;
import io.fettle.activities.machine.HostCheck.Fitness;
import io.fettle.workflows.wire.FailureType;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptor;
import io.temporal.common.interceptors.ActivityInboundCallsInterceptorBase;
import io.temporal.common.interceptors.WorkerInterceptorBase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps every step from a launched machine that cannot do what its shape promises. It is looked
 * over once in an agent's life, while it waits for its claim; steps wait for that and show that
 * they live. Answers on the control queue wait for nothing.
 */
final class HostFitness extends WorkerInterceptorBase {
  private static final Logger LOG = LoggerFactory.getLogger(HostFitness.class);
  private static final Duration BEAT = Duration.ofSeconds(3);
  private static final Fitness FIT = new Fitness(List.of(), List.of());

  private final String host;
  private final String queue;
  private final FutureTask<Fitness> look;

  private HostFitness(String host, String queue, Callable<Fitness> look) {
    this.host = host;
    this.queue = queue;
    this.look = new FutureTask<>(() -> told(look));
  }

  /**
   * Begins to look.
   *
   * @param queue of the host's steps
   */
  static HostFitness looking(String host, String queue, Callable<Fitness> look) {
    var fitness = new HostFitness(host, queue, look);
    Thread.ofPlatform().daemon().name("host-fitness").start(fitness.look);
    return fitness;
  }

  /**
   * For machines that nobody else would replace, for those that others use too, and for one that
   * has begun its work.
   */
  static HostFitness assumed(String host, String queue) {
    return looking(host, queue, () -> FIT);
  }

  /** A look that fails says nothing about the machine. */
  private static Fitness told(Callable<Fitness> look) {
    try {
      var fitness = look.call();
      fitness.breaking().forEach(each -> LOG.error("this host cannot work: {}", line(each)));
      fitness.others().forEach(each -> LOG.info("this host: {}", line(each)));
      return fitness;
    } catch (Exception e) { // whatever it is, steps tell more
      LOG.warn("this host was not looked over: {}", e.toString());
      return FIT;
    }
  }

  private static String line(Finding each) {
    var fix = each.fix().isEmpty() ? "" : "; " + each.fix();
    return "%s: %s%s".formatted(each.name(), each.found(), fix);
  }

  /**
   * Waits until the machine was looked over.
   *
   * @param beat now and then, while that lasts
   * @throws io.temporal.failure.ApplicationFailure of type {@code HOST_UNFIT}
   */
  void check(Runnable beat) {
    var breaking = known(beat).breaking();
    if (!breaking.isEmpty()) {
      throw FailureType.HOST_UNFIT.failure(
          "host %s cannot do what its shape promises: %s"
              .formatted(
                  host,
                  breaking.stream().map(HostFitness::line).collect(Collectors.joining(" | "))));
    }
  }

  private Fitness known(Runnable beat) {
    while (true) {
      try {
        return look.get(BEAT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException stillLooking) {
        beat.run();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a look tells its failures", e);
      } catch (InterruptedException e) {
        throw Activity.wrap(e);
      }
    }
  }

  @Override
  public ActivityInboundCallsInterceptor interceptActivity(ActivityInboundCallsInterceptor next) {
    return new ActivityInboundCallsInterceptorBase(next) {
      private Runnable checked = () -> {};

      /* Nobody but this call has the context of a step that has not begun. */
      @Override
      public void init(ActivityExecutionContext context) {
        if (context.getInfo().getActivityTaskQueue().equals(queue)) {
          checked = () -> check(() -> context.heartbeat("the host is looked over first"));
        }
        super.init(context);
      }

      @Override
      public ActivityOutput execute(ActivityInput input) {
        checked.run();
        return super.execute(input);
      }
    };
  }
}
