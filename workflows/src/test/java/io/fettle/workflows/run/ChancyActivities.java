package io.fettle.workflows.run;

import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.CapacityActivities;
import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.capacity.ClaimActivities;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.KeepTerms;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.serving.Engine;
import io.fettle.workflows.serving.EngineActivities;
import io.fettle.workflows.serving.LoadEngine;
import io.fettle.workflows.serving.StopEngine;
import io.fettle.workflows.serving.StopEngines;
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
import io.fettle.workflows.training.TrainingJob;
import io.fettle.workflows.training.WatchLease;
import io.temporal.activity.Activity;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Sends each call to the run that it is of. */
final class ChancyActivities
    implements CapacityActivities,
        ClaimActivities,
        StagingActivities,
        LedgerActivities,
        TrainerActivities,
        HostControlActivities,
        EngineActivities {
  private final Map<String, ChancyRun> runs = new ConcurrentHashMap<>();

  void add(String run, ChancyRun chances) {
    runs.put(run, chances);
  }

  private ChancyRun of(String run) {
    return runs.get(run);
  }

  @Override
  public Offer choose(CapacityRequest request) {
    return of(request.run()).choose(request);
  }

  @Override
  public Acquisition acquire(AcquireRequest request) {
    return of(request.run()).acquire(request);
  }

  @Override
  public HostDescription describe(DescribeRequest request) {
    return new HostDescription(request.host(), of(request.run()).describe(request.token()), "");
  }

  @Override
  public void release(ReleaseRequest request) {
    of(request.run()).release(request);
  }

  @Override
  public void keepTerms(KeepTerms terms) {
    // nothing here looks at what a run may cost
  }

  @Override
  public Host claim(ClaimRequest request) {
    return of(request.run()).claim(request);
  }

  @Override
  public Staged stage(StageJob job) {
    of(job.run()).stage(job.token());
    return new Staged(1, 0);
  }

  @Override
  public Optional<Checkpoint> finished(FinishedTrain query) {
    return Optional.empty();
  }

  @Override
  public Lease open(OpenLease request) {
    return of(request.run()).open(request);
  }

  @Override
  public void watchLease(WatchLease watch) {
    Activity.getExecutionContext().doNotCompleteOnReturn();
  }

  @Override
  public Checkpoint train(TrainingJob job) {
    return of(job.run()).train(job);
  }

  @Override
  public ProbeAnswer probe(ProbeRequest request) {
    return of(request.run()).probe(request.lease());
  }

  @Override
  public void stop(StopRequest request) {
    of(request.run()).stop(request.lease());
  }

  @Override
  public Engine loadEngine(LoadEngine request) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void engineReady(Engine engine) {}

  @Override
  public void stopEngine(StopEngine request) {}

  @Override
  public void stopEngines(StopEngines request) {}
}
