package io.fettle.workflows.plan;

import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.wire.Copies;
import io.fettle.workflows.wire.Reference;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Everything resolved; what the workflow itself decides on stands here, the rest in the resolved
 * spec.
 *
 * @param spec the resolved spec: the canonical spec with no {@code auto} left
 * @param title one line for operators, such as {@code SmolLM2-135M-Instruct, lora r 8,
 *     support-triage}
 * @param baseModelName for people and search
 * @param pools pools to try, in order
 * @param shape machine type in the pool
 * @param leaseTime how long a silent lease stays valid
 * @param crashesAllowed the user's retries
 * @param tunesAdapter false for full training, whose checkpoint is a model folder
 * @param engineLoadsAdapters whether the model server can load the adapter beside its base
 * @param microBatch sequences a device and step, from which the out-of-memory remedy starts
 * @param gradientCheckpointing whether activations are recomputed from the start
 * @param quantizeScheme {@code none}, {@code w8a8}, {@code w4a16} or {@code fp8_dynamic}
 * @param fewShot candidate numbers of examples for the few-shot arm, chosen among on dev; empty: no
 *     such arm
 * @param gate whether a verdict other than PASS ends the run before deploy
 * @param adviceOverride the user's reason to fine-tune against advice
 * @param approval the deadline of the approval; empty: none is asked for
 * @param endpoint where to deploy; empty: the run ends after evaluate
 * @param memoryBytes estimated peak of training
 * @param memoryAvailableBytes of the shape
 * @param dollars estimated price of the run; 0 on machines one already has, -1: not known
 * @param notes decisions worth reading, a sentence each
 * @param arms what answers besides zero-shot and few-shot with random examples; none in plans of
 *     older releases
 * @param terms what its hosts may cost, and when it has to be done
 * @param others where it could go on instead, by pool; none in plans of older releases, and where
 *     the local pool is the only one
 * @param maxWait how long the run waits for a host before it is parked; empty, as in plans of older
 *     releases: as long as it takes
 */
public record Plan(
    Reference spec,
    String title,
    String baseModelName,
    List<String> pools,
    String shape,
    Duration leaseTime,
    int crashesAllowed,
    boolean tunesAdapter,
    boolean engineLoadsAdapters,
    int microBatch,
    boolean gradientCheckpointing,
    String quantizeScheme,
    List<Integer> fewShot,
    boolean gate,
    Optional<String> adviceOverride,
    Optional<Duration> approval,
    Optional<String> endpoint,
    long memoryBytes,
    long memoryAvailableBytes,
    double dollars,
    List<String> notes,
    PlannedArms arms,
    CapacityTerms terms,
    List<PoolShapes> others,
    Optional<Duration> maxWait) {
  public Plan {
    pools = Copies.list(pools);
    fewShot = Copies.list(fewShot);
    notes = Copies.list(notes);
    arms = Objects.requireNonNullElse(arms, PlannedArms.NONE);
    terms = Objects.requireNonNullElse(terms, CapacityTerms.NONE);
    others = Copies.list(others);
    maxWait = Objects.requireNonNullElse(maxWait, Optional.empty());
  }
}
