package io.fettle.activities.capacity;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Refusal;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.CapacityActivities;
import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.wire.FailureType;
import io.temporal.activity.Activity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends each request to the pool that it names. An error of a provider is retried by the activity's
 * options.
 */
final class PoolActivities implements CapacityActivities {
  private static final Logger log = LoggerFactory.getLogger(PoolActivities.class);

  private final Map<String, Pool> pools = new TreeMap<>();
  private final Function<String, Execution> caller;

  PoolActivities(List<Pool> pools) {
    this(pools, PoolActivities::asCalled);
  }

  /**
   * @param caller the execution of a run that calls now
   */
  PoolActivities(List<Pool> pools, Function<String, Execution> caller) {
    pools.forEach(pool -> this.pools.put(pool.name(), pool));
    this.caller = caller;
  }

  @Override
  public Offer choose(CapacityRequest request) {
    for (var name : request.pools()) {
      var offers = call(() -> named(name).offers(request.shape()));
      if (!offers.isEmpty()) {
        var offer = offers.getFirst();
        log.info(
            "acquisition {} of run {}: {}", request.acquisition(), request.run(), offer.reason());
        return offer;
      }
    }
    throw FailureType.NO_CAPACITY.failure(
        "none of the pools %s has a host of shape %s just now"
            .formatted(request.pools(), request.shape()));
  }

  @Override
  public Acquisition acquire(AcquireRequest request) {
    var offer = request.offer();
    var by = caller.apply(request.run());
    try {
      return named(offer.pool()).acquire(request, by);
    } catch (Refusal refusal) {
      throw FailureType.NO_CAPACITY.failure(refusal.sentence());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public HostDescription describe(DescribeRequest request) {
    try {
      return named(request.pool()).describe(request);
    } catch (IOException e) {
      return new HostDescription(
          request.host(), HostState.UNKNOWN, "the provider did not answer: " + e.getMessage());
    }
  }

  @Override
  public void release(ReleaseRequest request) {
    call(
        () -> {
          named(request.pool()).release(request);
          return true;
        });
  }

  private static Execution asCalled(String run) {
    var info = Activity.getExecutionContext().getInfo();
    return new Execution(info.getNamespace(), run, info.getWorkflowRunId());
  }

  private Pool named(String name) {
    var pool = pools.get(name);
    if (pool == null) {
      throw FailureType.REFUSED.failure(
          "there is no pool %s here; known: %s".formatted(name, pools.keySet()));
    }
    return pool;
  }

  private interface ProviderCall<T> {
    T run() throws IOException;
  }

  private static <T> T call(ProviderCall<T> call) {
    try {
      return call.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
