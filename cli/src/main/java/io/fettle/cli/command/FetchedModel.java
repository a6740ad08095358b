package io.fettle.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.plan.Planner;
import io.fettle.activities.store.Stores;
import io.fettle.cli.local.Home;
import io.fettle.workflows.artifact.BaseModel;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** A base model that an earlier run has put into the local store. */
record FetchedModel(Home home, BaseModel model) {
  private static final String RECORDS = "steps/base-model/";

  /**
   * The spec's, if there is one; of a hub's model any revision will do, since the shapes are the
   * same.
   */
  static Optional<FetchedModel> of(Spec spec, Home home) throws IOException {
    if (!Files.isDirectory(Path.of(home.store()))) return Optional.empty();
    try (var store = Stores.open(home.store())) {
      for (var record : store.list(RECORDS)) {
        if (!record.key().endsWith(".json")) continue;
        JsonNode result =
            Wire.mapper().readTree(store.find(record.key()).orElse(new byte[0])).path("result");
        if (!result.path("name").asText().equals(spec.model().id())) continue;
        return Optional.of(
            new FetchedModel(home, Wire.mapper().treeToValue(result, BaseModel.class)));
      }
    }
    return Optional.empty();
  }

  Planner.Outcome plan(Planner planner, Spec spec) throws IOException {
    try (var store = Stores.open(home.store())) {
      return planner.plan(spec, store, model.tree());
    }
  }
}
