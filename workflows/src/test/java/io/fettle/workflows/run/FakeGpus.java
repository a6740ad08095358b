package io.fettle.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.capacity.CapacityActivities;
import io.fettle.workflows.capacity.ClaimActivities;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.FinishedTrain;
import io.fettle.workflows.training.HostControlActivities;
import io.fettle.workflows.training.Lease;
import io.fettle.workflows.training.LedgerActivities;
import io.fettle.workflows.training.OpenLease;
import io.fettle.workflows.training.ProbeAnswer;
import io.fettle.workflows.training.ProbeRequest;
import io.fettle.workflows.training.StageJob;
import io.fettle.workflows.training.Staged;
import io.fettle.workflows.training.StagingActivities;
import io.fettle.workflows.training.StopRequest;
import io.fettle.workflows.training.TrainerActivities;
import io.fettle.workflows.training.TrainerExit;
import io.fettle.workflows.training.TrainingJob;
import io.fettle.workflows.training.WatchLease;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.TaskQueues;
import io.temporal.activity.Activity;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A pool, its ledger and its trainers with behaviour: hosts a, b, c, ... are handed out in order,
 * and a trainer does what the test said its next lease would do.
 */
final class FakeGpus extends FakeOffers
    implements CapacityActivities,
        ClaimActivities,
        StagingActivities,
        LedgerActivities,
        TrainerActivities,
        HostControlActivities {
  static final List<String> HOSTS = List.of("a", "b", "c", "d", "e", "f");

  private final int maxSteps;
  private final Deque<Function<TrainingJob, Checkpoint>> scripts = new ArrayDeque<>();
  private final Deque<String> idle = new ArrayDeque<>(HOSTS);
  private final ConcurrentMap<String, HostState> states = new ConcurrentHashMap<>();
  private final List<String> starts = Collections.synchronizedList(new ArrayList<>());
  private final List<String> released = Collections.synchronizedList(new ArrayList<>());
  private final List<TrainingJob> jobs = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch watching = new CountDownLatch(1);
  private final CountDownLatch probing = new CountDownLatch(1);
  private final CountDownLatch described = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch noticeRunsOut = new CountDownLatch(1);
  private final ConcurrentMap<String, String> claims = new ConcurrentHashMap<>();
  volatile int brokenClaims; // changed under this object's lock once a run has started
  private volatile ProbeAnswer.State probed = ProbeAnswer.State.RUNNING;
  private volatile boolean leasesRunOut;
  private volatile boolean losesNextClaim;
  private volatile boolean probesUnheard;
  final FakeStagings stagings = new FakeStagings();
  private final List<ReleaseRequest> releases = Collections.synchronizedList(new ArrayList<>());
  private final List<OpenLease> opened = new ArrayList<>();
  private String ledger = "";
  private int leases;
  private int publishedStep;
  private int publishedLease;

  FakeGpus(int maxSteps) {
    this.maxSteps = maxSteps;
  }

  void nextLease(Function<TrainingJob, Checkpoint> script) {
    scripts.add(script);
  }

  void nextLeaseIsPreemptedAfterStep(int step) {
    nextLease(
        job -> {
          throw FailureType.PREEMPTED.failure("notice", publishUpTo(job, step));
        });
  }

  /** Trains until it is told to stop, then saves that step. */
  void nextLeaseTrainsUntilItIsStopped(int step) {
    nextLease(
        job -> {
          await(stopped, "a stop");
          throw FailureType.PREEMPTED.failure("stopped on request", publishUpTo(job, step));
        });
  }

  /** However often contact is lost and found meanwhile. */
  void firstLeaseTrainsAndBeatsUntilItIsStopped(int step) {
    for (int contact = 0; contact < 20; contact++) {
      nextLease(job -> job.lease().number() == 1 ? beatUntilStopped(job, step) : finish(job));
    }
  }

  private Checkpoint beatUntilStopped(TrainingJob job, int step) {
    try {
      while (!stopped.await(50, TimeUnit.MILLISECONDS)) {
        Activity.getExecutionContext().heartbeat(step);
      }
    } catch (InterruptedException stopping) {
      throw Activity.wrap(stopping);
    }
    throw FailureType.PREEMPTED.failure("stopped on request", publishUpTo(job, step));
  }

  /** Saves that step once {@link #theNoticeRunsOut}. */
  void nextLeaseLeavesWithItsNotice(int step) {
    nextLease(
        job -> {
          await(noticeRunsOut, "the notice's end");
          throw FailureType.PREEMPTED.failure("notice", publishUpTo(job, step));
        });
  }

  /** Finishes all the same, once {@link #theNoticeRunsOut}. */
  void nextLeaseFinishesWithinItsNotice() {
    nextLease(
        job -> {
          await(noticeRunsOut, "the notice's end");
          return finish(job);
        });
  }

  void nextLeaseDivergesWithinItsNotice() {
    nextLease(
        job -> {
          await(noticeRunsOut, "the notice's end");
          throw FailureType.DIVERGED.failure("the loss is nan");
        });
  }

  void theNoticeRunsOut() {
    noticeRunsOut.countDown();
  }

  void nextLeaseCrashesAtStep(int step, int published) {
    nextLease(
        job -> {
          publishUpTo(job, published);
          throw FailureType.TRAINER_CRASHED.failure(
              "exit 70", new TrainerExit("exit 70", publishedStep, step, Optional.empty()));
        });
  }

  void nextLeaseRunsOutOfMemory() {
    nextLeaseFails(FailureType.OUT_OF_MEMORY);
  }

  void nextLeaseFails(FailureType type) {
    nextLease(
        job -> {
          throw type.failure("as the test says", TrainerExit.unheard());
        });
  }

  /** The activity neither completes nor beats, as when the agent's machine is cut off. */
  void nextLeaseLosesContact() {
    nextLease(
        job -> {
          Activity.getExecutionContext().doNotCompleteOnReturn();
          return new Checkpoint(
              0, 0, reference("never"), reference("never"), Optional.empty(), false);
        });
  }

  void probesSay(ProbeAnswer.State state) {
    probed = state;
  }

  /** The agent has the probe, and its answer never comes. */
  void probesAreUnheard() {
    probed = ProbeAnswer.State.UNKNOWN;
    probesUnheard = true;
  }

  /** The agent keeps the claim, and its answer never comes. */
  void nextClaimIsUnheard() {
    losesNextClaim = true;
  }

  void leasesRunOut() {
    leasesRunOut = true;
  }

  void terminate(String host) {
    states.put(host, HostState.TERMINATED);
  }

  List<String> starts() {
    return List.copyOf(starts);
  }

  List<ReleaseRequest> releases() {
    return List.copyOf(releases);
  }

  List<String> released() {
    return List.copyOf(released);
  }

  List<TrainingJob> jobs() {
    return List.copyOf(jobs);
  }

  boolean holdsNone() {
    return idle.size()
            + (int) states.values().stream().filter(s -> s == HostState.TERMINATED).count()
        == HOSTS.size();
  }

  static Reference reference(String what) {
    return new Reference(
        URI.create("file:///store/" + what), "0".repeat(64 - what.length()) + what);
  }

  private TrainerExit publishUpTo(TrainingJob job, int step) {
    publishedStep = step;
    publishedLease = job.lease().number();
    return new TrainerExit("", step, step, Optional.empty());
  }

  Checkpoint finish(TrainingJob job) {
    publishUpTo(job, maxSteps);
    return new Checkpoint(
        job.lease().number(),
        maxSteps,
        reference("manifest"),
        reference("adapter"),
        Optional.of(0.5),
        false);
  }

  @Override
  public synchronized Host claim(ClaimRequest request) {
    String id = idle.pop();
    claims.put(request.token(), id);
    if (brokenClaims > 0) {
      brokenClaims--;
      throw new IllegalStateException("the store is away");
    }
    if (losesNextClaim) {
      losesNextClaim = false;
      Activity.getExecutionContext().doNotCompleteOnReturn();
    }
    return new Host(
        id,
        "1",
        "local",
        "cpu",
        TaskQueues.host(id, "1"),
        TaskQueues.hostControl(id, "1"),
        request.token());
  }

  @Override
  public HostDescription describe(DescribeRequest request) {
    described.countDown();
    if (probed != ProbeAnswer.State.RUNNING) {
      await(probing, "the probe");
      await(watching, "the watch of the lease");
      othersHaveBegun();
      if (states.get(request.host()) != HostState.TERMINATED) {
        Activity.getExecutionContext().doNotCompleteOnReturn(); // a provider that takes its time
      }
    }
    var state = states.getOrDefault(request.host(), HostState.RUNNING);
    return new HostDescription(
        request.host(), state, state == HostState.TERMINATED ? "wanted back" : "");
  }

  @Override
  public synchronized void release(ReleaseRequest request) {
    String host =
        request.host().isEmpty() ? claims.getOrDefault(request.token(), "") : request.host();
    released.add(host);
    releases.add(request);
    if (!host.isEmpty() && states.get(host) != HostState.TERMINATED) {
      idle.add(host);
    }
  }

  @Override
  public Staged stage(StageJob job) {
    return stagings.stage(claims.getOrDefault(job.token(), "?"));
  }

  @Override
  public Optional<Checkpoint> finished(FinishedTrain query) {
    return Optional.empty();
  }

  List<OpenLease> opened() {
    return List.copyOf(opened);
  }

  @Override
  public synchronized Lease open(OpenLease request) {
    opened.add(request);
    leases = request.run().equals(ledger) ? leases + 1 : 1;
    publishedStep = leases == 1 ? 0 : publishedStep;
    ledger = request.run();
    Optional<Reference> from =
        publishedStep == 0 ? Optional.empty() : Optional.of(reference("manifest" + publishedStep));
    return new Lease(
        leases, request.input(), request.host(), from, publishedStep, publishedLease, leases - 1);
  }

  /** Out at once where a test called {@link #leasesRunOut}; else it lasts until it is cancelled. */
  @Override
  public void watchLease(WatchLease watch) {
    if (!leasesRunOut) {
      Activity.getExecutionContext().doNotCompleteOnReturn();
    }
    watching.countDown();
    if (leasesRunOut) {
      await(probing, "the probe");
      await(described, "the question to the provider");
      othersHaveBegun();
    }
  }

  @Override
  public Checkpoint train(TrainingJob job) {
    jobs.add(job);
    starts.add("%s from step %d".formatted(job.lease().host(), job.lease().resumeStep()));
    Function<TrainingJob, Checkpoint> script = scripts.poll();
    return script == null ? finish(job) : script.apply(job);
  }

  /**
   * The in-memory server sticks for ever where a cancel meets the first moment of the activity that
   * it is for, so all that are asked have begun before the answer that ends them.
   */
  @Override
  public ProbeAnswer probe(ProbeRequest request) {
    probing.countDown();
    await(watching, "the watch of the lease");
    await(described, "the question to the provider");
    if (probed != ProbeAnswer.State.UNKNOWN) {
      othersHaveBegun();
    }
    if (probesUnheard) {
      Activity.getExecutionContext().doNotCompleteOnReturn();
    }
    return new ProbeAnswer(probed, "as the test says");
  }

  /** Also by the server's books. */
  private static void othersHaveBegun() {
    try {
      Thread.sleep(500);
    } catch (InterruptedException stopping) {
      throw Activity.wrap(stopping);
    }
  }

  private static void await(CountDownLatch latch, String what) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).as(what).isTrue();
    } catch (InterruptedException stopping) {
      throw Activity.wrap(stopping);
    }
  }

  @Override
  public void stop(StopRequest request) {
    stopped.countDown();
  }
}
