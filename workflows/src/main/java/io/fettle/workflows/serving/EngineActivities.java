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
   * Waits for its open requests, at most the drain time, then stops it. Safe to repeat; a stopped
   * engine is no error.
   */
  void stopEngine(StopEngine request);

  /** Stops every engine that this owner started or was given; none is no error. Safe to repeat. */
  void stopEngines(StopEngines request);
}
