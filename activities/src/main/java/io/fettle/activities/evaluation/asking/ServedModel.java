package io.fettle.activities.evaluation.asking;

import io.fettle.activities.serving.Serving;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.evaluation.ArmCriteria.Endpoint;
import io.fettle.workflows.serving.Alias;
import io.fettle.workflows.wire.FailureType;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.util.Optional;

/** What an endpoint of ours serves, asked at its engine. */
public record ServedModel(Alias alias) {
  /** By the endpoint's newest alias; empty where it serves nothing, or the model is elsewhere. */
  public static Optional<ServedModel> of(ObjectStore store, Endpoint frozen) {
    return frozen.url().isEmpty()
        ? Serving.aliasActivities(store).currentAlias(frozen.name()).map(ServedModel::new)
        : Optional.empty();
  }

  /** Tells it from what the endpoint served before, and will. */
  public String id() {
    return "%s %d".formatted(alias.modelId(), alias.version());
  }

  /** Where the engine is asked. */
  public Endpoint address() {
    return new Endpoint(alias.endpoint(), alias.engineUrl() + "/v1", alias.modelName(), 0, 0);
  }

  /** Whether the engine that was loaded for the endpoint is at the alias' address, and answers. */
  public boolean isThere(Serving serving) throws IOException, InterruptedException {
    return serving.servesAt(alias.endpoint(), alias.engineUrl());
  }

  /** One that is away is not left out unseen, and has another fix than a server elsewhere. */
  public ApplicationFailure explained(ApplicationFailure failure) {
    return FailureType.of(failure.getType()) == FailureType.ENGINE_FAILED ? isAway() : failure;
  }

  /** The same spec cannot load it: it would ask for it first. */
  public ApplicationFailure isAway() {
    return FailureType.ENGINE_FAILED.failure(
        "evaluate.incumbent: %s has no engine that answers at %s; deploy once with --set evaluate.incumbent=null, which loads a model there and opens a new series of results"
            .formatted(this, alias.engineUrl()));
  }

  @Override
  public String toString() {
    return "%s, version %d of endpoint %s,"
        .formatted(alias.modelId(), alias.version(), alias.endpoint());
  }
}
