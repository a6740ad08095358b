package io.fettle.activities.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.plan.PlanActivities;
import io.fettle.workflows.plan.PlanRequest;
import io.fettle.workflows.plan.PlannedArms;
import io.fettle.workflows.plan.Schedule;
import io.fettle.workflows.plan.ScheduleRequest;
import io.fettle.workflows.spec.AdviseSpec;
import io.fettle.workflows.spec.CapacitySpec;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.DeploySpec;
import io.fettle.workflows.spec.DeploySpec.Engine;
import io.fettle.workflows.spec.EvaluateSpec;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.spec.MethodSpec.Tuning;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import io.temporal.activity.Activity;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Plans from the store. The first plan and schedule of an execution stand: a retry, even by a newer
 * worker, returns them.
 */
public final class PlanActivitiesImpl implements PlanActivities {

  /** Percent of the training rows; the run itself is the last point. */
  private final ObjectStore store;

  private final Planner planner;
  private final String trainerEnvironment;

  /**
   * @param trainerEnvironment lock hash of the trainer's environment, part of the train step's
   *     input hash
   */
  public PlanActivitiesImpl(
      ObjectStore store, Hardware hardware, SpecPolicy policy, String trainerEnvironment) {
    this(store, new Planner(hardware, policy), trainerEnvironment);
  }

  public PlanActivitiesImpl(ObjectStore store, Planner planner, String trainerEnvironment) {
    this.store = store;
    this.planner = planner;
    this.trainerEnvironment = trainerEnvironment;
  }

  @Override
  public Plan plan(PlanRequest request) {
    try {
      var outcome = planner.plan(spec(request.spec()), store, request.baseModel());
      if (!outcome.refusals().isEmpty()) throw refused(outcome.refusals());
      var plan = plan(outcome, store.putBlob(Wire.mapper().writeValueAsBytes(outcome.spec())));
      var frozen = freeze(key(request.run(), request.execution(), "plan.json"), plan);
      return Wire.mapper().readValue(frozen, Plan.class);
    } catch (ModelShape.Unreadable e) {
      throw refused(List.of(e.getMessage()));
    } catch (IOException e) {
      throw Activity.wrap(e);
    }
  }

  private static Plan plan(Planner.Outcome outcome, Reference resolved) {
    var spec = outcome.spec();
    var approve = spec.approve();
    boolean deploys = spec.deploy().enabled() && spec.deploy().engine() != Engine.NONE;
    return new Plan(
        resolved,
        title(spec),
        modelName(spec),
        spec.capacity().pools(),
        outcome.shape(),
        spec.capacity().lease(),
        spec.capacity().crashesAllowed(),
        spec.method().tuning() != Tuning.FULL,
        spec.deploy().engine() == DeploySpec.Engine.VLLM,
        Objects.requireNonNull(spec.train().microBatchSize()),
        Objects.requireNonNull(spec.train().gradientCheckpointing()),
        spec.quantize().scheme().name().toLowerCase(Locale.ROOT),
        spec.evaluate().fewShot().k(),
        spec.evaluate().gate().required(),
        Optional.ofNullable(spec.evaluate().trainAnywayBecause()),
        approve.required() ? Optional.of(approve.deadline()) : Optional.empty(),
        deploys ? Optional.ofNullable(spec.deploy().endpoint()) : Optional.empty(),
        outcome.memoryBytes(),
        outcome.memoryAvailableBytes(),
        outcome.dollars(),
        outcome.notes(),
        arms(spec.evaluate()),
        terms(spec.capacity()),
        outcome.others(),
        Optional.of(spec.capacity().maxWait()));
  }

  private static CapacityTerms terms(CapacitySpec capacity) {
    return new CapacityTerms(
        market(capacity),
        Objects.requireNonNullElse(capacity.preemptionsBeforeOnDemand(), Integer.MAX_VALUE),
        Optional.ofNullable(capacity.deadline()),
        Optional.ofNullable(capacity.budgetDollars()),
        Optional.ofNullable(capacity.experiment()),
        Optional.ofNullable(capacity.experimentBudgetDollars()),
        Optional.ofNullable(capacity.waitForSpot()),
        Optional.ofNullable(capacity.expected()),
        capacity.lease(),
        capacity.grace());
  }

  /** This machine's pool has no market. */
  static Market market(CapacitySpec capacity) {
    if (capacity.market() == null) {
      return capacity.pools().equals(List.of("local")) ? Market.OWNED : Market.ON_DEMAND;
    }
    return switch (capacity.market()) {
      case SPOT -> Market.SPOT;
      case RESERVED -> Market.RESERVED;
      case ON_DEMAND, UNKNOWN -> Market.ON_DEMAND;
    };
  }

  private static List<String> probes(@Nullable AdviseSpec advise) {
    if (advise == null) {
      return List.of();
    }
    var probes = new ArrayList<String>();
    advise.probes().forEach(probe -> probes.add(probe.name().toLowerCase(Locale.ROOT)));
    if (advise.betterPrompt() != null) {
      probes.add("prompt");
    }
    return probes;
  }

  private static PlannedArms arms(EvaluateSpec evaluate) {
    var endpoint = Optional.ofNullable(evaluate.incumbent()).map(EvaluateSpec.Incumbent::endpoint);
    return new PlannedArms(
        evaluate.fewShot().choose().stream()
            .map(way -> way.name().toLowerCase(Locale.ROOT))
            .toList(),
        evaluate.rag() != null,
        evaluate.incumbent() != null && endpoint.isEmpty(),
        evaluate.others().stream().map(EvaluateSpec.Other::name).toList(),
        evaluate.classical(),
        evaluate.gate().regressionMargin() != null,
        probes(evaluate.advise()),
        endpoint.orElse(""),
        evaluate.advise() != null && evaluate.advise().curve() ? Planner.CURVE : List.of());
  }

  private static String title(Spec spec) {
    var tuning = spec.method().tuning().name().toLowerCase(Locale.ROOT);
    var rank = spec.method().tuning() == Tuning.FULL ? "" : " r " + spec.method().lora().r();
    return modelName(spec) + ", " + tuning + rank + ", " + spec.name();
  }

  /** The last word of what names the model. */
  private static String modelName(Spec spec) {
    var name =
        Objects.requireNonNullElse(
            spec.model().id(), Objects.requireNonNullElse(spec.model().path(), "model"));
    return name.substring(name.lastIndexOf('/') + 1);
  }

  @Override
  public Schedule schedule(ScheduleRequest request) {
    try {
      var spec = spec(request.spec());
      var reasons = reasons(spec, request);
      if (!reasons.isEmpty()) throw refused(reasons);
      var key = key(request.run(), request.execution(), "training.json");
      var frozen = freeze(key, TrainerConfig.of(spec, request.trainRows(), request.devRows()));
      var config = Wire.mapper().readValue(frozen, TrainerConfig.class);
      return new Schedule(
          new Reference(store.uri(key), Stores.sha256(frozen)),
          input(config, request),
          config.maxSteps(),
          config.globalBatchSize(),
          config.evalEverySteps() == null ? config.maxSteps() : config.evalEverySteps());
    } catch (IOException e) {
      throw Activity.wrap(e);
    }
  }

  private static List<String> reasons(Spec spec, ScheduleRequest request) {
    if (request.trainRows() < 1)
      return List.of("no row is left to train on; the dataset's report says why each was dropped");
    if (request.devRows() < 1 && spec.train().earlyStopping().enabled()) {
      return List.of(
          "no row is left for dev, which early stopping needs; give more rows or data.dev_rows, or write train.early_stopping.enabled: false");
    }
    return List.of();
  }

  private String input(TrainerConfig config, ScheduleRequest request) {
    record Input(TrainerConfig config, String baseModel, String dataset, String salt) {}
    var input =
        new Input(
            config.withoutCadence(),
            request.baseModel().sha256(),
            request.dataset().sha256(),
            request.salt());
    return StepKey.of("train", input, trainerEnvironment).hash();
  }

  private Spec spec(Reference reference) throws IOException {
    return Wire.mapper().readValue(store.read(reference), Spec.class);
  }

  /** Puts the value unless one is there; what is there then is the answer. */
  private byte[] freeze(String key, Object value) throws IOException {
    var body = json(value);
    if (store.putIfAbsent(key, body)) return body;
    return store
        .find(key)
        .orElseThrow(
            () ->
                new IOException(
                    key + " was there and is gone; it must not be deleted while its run lives"));
  }

  private static byte[] json(Object value) throws JsonProcessingException {
    return Wire.mapper().writeValueAsBytes(value);
  }

  private static String key(String run, String execution, String file) {
    return "runs/" + run + "/executions/" + execution + "/" + file;
  }

  private static RuntimeException refused(List<String> reasons) {
    return FailureType.REFUSED.failure("the plan cannot work: " + String.join("; ", reasons));
  }
}
