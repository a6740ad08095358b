package io.fettle.activities.capacity;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Standing;
import io.fettle.activities.capacity.policy.Answer;
import io.fettle.activities.capacity.policy.Policy;
import io.fettle.activities.capacity.policy.Purse;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.AskAgain;
import io.fettle.workflows.capacity.CapacityActivities;
import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.KeepTerms;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.wire.FailureType;
import io.temporal.activity.Activity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the policy choose, and sends each request to the pool that it names. An error of a provider
 * is retried by the activity's options.
 */
final class PoolActivities implements CapacityActivities {
  private static final Logger log = LoggerFactory.getLogger(PoolActivities.class);

  /** After a refusal another place may be free at once. */
  private static final Duration AT_ONCE = Duration.ofSeconds(2);

  private static final Duration THROTTLED = Duration.ofSeconds(20);

  private final Map<String, Pool> pools = new TreeMap<>();
  private final Function<String, Execution> caller;
  private final Experience experience;
  private final Purses purses;

  /**
   * @param caller the execution of a run that calls now
   */
  PoolActivities(
      List<Pool> pools, Function<String, Execution> caller, Experience experience, Purses purses) {
    pools.forEach(pool -> this.pools.put(pool.name(), pool));
    this.caller = caller;
    this.experience = experience;
    this.purses = purses;
  }

  @Override
  public Offer choose(CapacityRequest request) {
    return call(() -> chosen(request));
  }

  private Offer chosen(CapacityRequest request) throws IOException {
    var execution = caller.apply(request.run()).workflowRun();
    var listings = listings(request, execution);
    boolean pays = listings.stream().anyMatch(PoolActivities::launches); // else no store is needed
    var policy = pays ? experience.recalled() : experience.policy();
    var purse = pays ? purses.of(request.run(), request.terms()) : Purse.OPEN;
    var asked = new Policy.Asked(request, execution, listings, purse);
    return switch (policy.choose(asked, experience.now())) {
      case Answer.Chosen(var offer) -> {
        log.info(
            "acquisition {} of run {}: {}", request.acquisition(), request.run(), offer.reason());
        yield offer;
      }
      case Answer.Wait wait -> throw nothing(request, wait);
      case Answer.Refused(var why) -> {
        log.warn("acquisition {} of run {}: {}", request.acquisition(), request.run(), why);
        throw FailureType.REFUSED.failure(why);
      }
    };
  }

  private static RuntimeException nothing(CapacityRequest request, Answer.Wait wait) {
    log.info(
        "acquisition {} of run {}: asks again within {} s: {}",
        request.acquisition(),
        request.run(),
        wait.after().toSeconds(),
        wait.why());
    return FailureType.NO_CAPACITY.failure(wait.why(), new AskAgain(wait.after()));
  }

  private static boolean launches(Policy.Listing listing) {
    return listing.offers().stream().anyMatch(offer -> !offer.places().isEmpty());
  }

  /** A pool that does not answer keeps nobody from the others; if none answers, that is it. */
  private List<Policy.Listing> listings(CapacityRequest request, String execution)
      throws IOException {
    var listings = new ArrayList<Policy.Listing>();
    var silences = new ArrayList<IOException>();
    for (var name : request.pools()) {
      var pool = named(name);
      try {
        listings.add(listing(pool, pool.offers(request.shape()), Optional.empty()));
      } catch (Refusal refusal) {
        experience.recalled().refused(name, execution, refusal, experience.now());
        listings.add(listing(pool, List.of(), Optional.of("said " + refusal.sentence())));
      } catch (IOException away) {
        silences.add(away);
        listings.add(
            listing(pool, List.of(), Optional.of("does not answer: " + away.getMessage())));
      }
    }
    if (!silences.isEmpty() && silences.size() == listings.size()) {
      throw silences.getFirst();
    }
    return listings;
  }

  private static Policy.Listing listing(Pool pool, List<Offer> offers, Optional<String> silent) {
    return new Policy.Listing(pool.name(), pool.placesAtOnce(), offers, silent);
  }

  @Override
  public Acquisition acquire(AcquireRequest request) {
    return call(
        () ->
            request.offer().places().isEmpty()
                ? owned(request)
                : launched(request, caller.apply(request.run())));
  }

  private Acquisition owned(AcquireRequest request) throws IOException {
    try {
      return named(request.offer().pool()).acquire(request, caller.apply(request.run()));
    } catch (Refusal refusal) {
      throw FailureType.NO_CAPACITY.failure(refusal.sentence());
    }
  }

  private Acquisition launched(AcquireRequest request, Execution by) throws IOException {
    var began = experience.now();
    var policy = experience.recalled();
    var wait = policy.mayLaunch(began);
    if (wait.isPresent()) {
      throw FailureType.THROTTLED.failureUntil(
          wait.get(), "launches were refused too often within a minute; this one waits");
    }
    try {
      var acquired = named(request.offer().pool()).acquire(request, by);
      policy.launched(began);
      return acquired;
    } catch (Refusal refusal) {
      if (refusal.isOfMoney()) {
        policy.launched(began); // nothing was launched, so nothing counts against the limit
      } else {
        policy.refused(request.offer(), by.workflowRun(), refusal, experience.now());
        experience.keep();
      }
      throw answer(request, refusal);
    }
  }

  private static RuntimeException answer(AcquireRequest request, Refusal refusal) {
    log.info(
        "acquisition {} of run {} was refused by {}: {}, {}: {}",
        request.token(),
        request.run(),
        request.offer().pool(),
        refusal.kind(),
        refusal.code(),
        refusal.sentence());
    var later = refusal.isOfMoney() ? AT_ONCE : THROTTLED;
    return refusal.kind() == Refusal.Kind.THROTTLE
        ? FailureType.THROTTLED.failureUntil(later, refusal.sentence())
        : FailureType.NO_CAPACITY.failure(refusal.sentence(), new AskAgain(AT_ONCE));
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
          if (request.taken()) {
            learn(request);
          }
          named(request.pool()).release(request);
          return true;
        });
  }

  @Override
  public void keepTerms(KeepTerms request) {
    call(
        () -> {
          purses.keep(request.run(), request.terms());
          return true;
        });
  }

  /** Before the release, which forgets where the host was; what is released was learned. */
  private void learn(ReleaseRequest request) throws IOException {
    var standing = named(request.pool()).standing(request.token());
    var place = standing.flatMap(Standing::place);
    if (standing.isPresent() && place.isPresent() && !standing.get().released()) {
      var market = standing.get().market();
      experience.recalled().taken(request.pool(), market, place.get(), experience.now());
      experience.keep();
    }
  }

  static Execution asCalled(String run) {
    var info = Activity.getExecutionContext().getInfo();
    return new Execution(info.getNamespace(), run, info.getWorkflowRunId());
  }

  private Pool named(String name) {
    return pools.values().stream()
        .flatMap(pool -> pool.named(name).stream())
        .findFirst()
        .orElseThrow(
            () ->
                FailureType.REFUSED.failure(
                    "there is no pool %s here; known: %s".formatted(name, pools.keySet())));
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
