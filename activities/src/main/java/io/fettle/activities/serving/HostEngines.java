package io.fettle.activities.serving;

import io.fettle.activities.serving.ModelServer.EngineFailure;
import io.fettle.workflows.serving.Engine;
import io.fettle.workflows.serving.EngineActivities;
import io.fettle.workflows.serving.LoadEngine;
import io.fettle.workflows.serving.StopEngine;
import io.fettle.workflows.serving.StopEngines;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Wire;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Engines of this host, for endpoints. */
final class HostEngines implements EngineActivities {
  private final ServingOptions options;
  private final Engines engines;
  private final Serving serving;

  HostEngines(ServingOptions options, Engines engines, Serving serving) {
    this.options = options;
    this.engines = engines;
    this.serving = serving;
  }

  @Override
  public Engine loadEngine(LoadEngine request) {
    String owner = EngineRecord.ENDPOINT + request.endpoint();
    return checked(
        () -> {
          ActivityExecutionContext activity = Activity.getExecutionContext();
          Spec spec = Wire.mapper().readValue(options.store().read(request.spec()), Spec.class);
          boolean reused = engines.find(serving.identity(spec, request.model(), false)).isPresent();
          Engines.Running running = loaded(request, spec, owner, activity);
          return new Engine(
              running.record().key(),
              running.server().url().toString(),
              running.record().engine(),
              running.record().modelName(),
              options.hostQueue(),
              reused);
        });
  }

  /** One that never generates a token is not kept: nobody else knows its key. */
  private Engines.Running loaded(
      LoadEngine request, Spec spec, String owner, ActivityExecutionContext activity)
      throws IOException, InterruptedException, EngineFailure {
    try {
      return serving.running(spec, request.model(), false, "model", owner, activity::heartbeat);
    } catch (EngineFailure failure) {
      engines.leave(serving.identity(spec, request.model(), false), owner);
      throw failure;
    }
  }

  @Override
  public void engineReady(Engine engine) {
    checked(
        () -> {
          Optional<Engines.Running> running = engines.find(engine.key());
          if (running.isEmpty() || !running.get().server().generates()) {
            throw new EngineFailure(
                "engine %s at %s generates nothing".formatted(engine.key(), engine.url()));
          }
          return engine;
        });
  }

  @Override
  public void stopEngine(StopEngine request) {
    checked(
        () -> {
          Thread.sleep(request.drain());
          for (String owner : leaving(request)) {
            engines.leave(request.key(), owner);
          }
          return request;
        });
  }

  private List<String> leaving(StopEngine request) throws IOException {
    Optional<String> endpoint = request.endpoint();
    if (endpoint.isPresent()) {
      return List.of(EngineRecord.ENDPOINT + endpoint.get());
    }
    return engines.find(request.key()).stream()
        .flatMap(engine -> engine.record().owners().stream())
        .filter(owner -> owner.startsWith(EngineRecord.ENDPOINT))
        .toList();
  }

  @Override
  public void stopEngines(StopEngines request) {
    checked(
        () -> {
          engines.leaveAll(request.owner());
          return request;
        });
  }

  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException, InterruptedException, EngineFailure;
  }

  private static <T> T checked(Work<T> work) {
    try {
      return work.run();
    } catch (EngineFailure failure) {
      throw FailureType.ENGINE_FAILED.failure(String.valueOf(failure.getMessage()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw Activity.wrap(stopping);
    }
  }
}
