package io.fettle.workflows.serving;

import io.temporal.activity.ActivityInterface;

/** Model servers on a host. Host queue. */
@ActivityInterface
public interface EngineActivities {
  /**
   * Starts the engine, or adopts the one with the same key, and hands it to the endpoint so that it
   * outlives the run. Safe to repeat.
   *
   * @throws io.temporal.failure.ApplicationFailure of type {@code ENGINE_FAILED} with the engine's
   *     last words
   */
  Engine loadEngine(LoadEngine request);

  /** Returns once the engine has generated a token. Safe to repeat. */
  void engineReady(Engine engine);

  /**
   * Waits for its open requests, at most the drain time, then leaves it; an engine that nobody else
   * uses is stopped. Safe to repeat; a stopped engine is no error.
   */
  void stopEngine(StopEngine request);

  /**
   * Leaves every engine that this owner uses; those that nobody else uses are stopped. None is no
   * error. Safe to repeat.
   */
  void stopEngines(StopEngines request);
}
