package io.fettle.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.plan.Hardware;
import io.fettle.activities.plan.Planner;
import io.fettle.cli.local.Site;
import io.fettle.cli.local.StoreAddress;
import io.fettle.workflows.artifact.BaseModel;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/** A base model that an earlier run has put into the store. */
record FetchedModel(StoreAddress store, BaseModel model) {
  private static final String RECORDS = "steps/base-model/";

  /**
   * The spec's, if there is one; of a hub's model any revision will do, since the shapes are the
   * same.
   */
  static Optional<FetchedModel> of(Spec spec, StoreAddress address) throws IOException {
    if (isUnmade(address.root())) return Optional.empty();
    try (var store = address.open()) {
      for (var record : store.list(RECORDS)) {
        if (!record.key().endsWith(".json")) continue;
        JsonNode result =
            Wire.mapper().readTree(store.find(record.key()).orElse(new byte[0])).path("result");
        if (!result.path("name").asText().equals(name(spec))) continue;
        return Optional.of(
            new FetchedModel(address, Wire.mapper().treeToValue(result, BaseModel.class)));
      }
    }
    return Optional.empty();
  }

  /** A model in a bucket is called by its address. */
  static String name(Spec spec) {
    return Objects.requireNonNullElse(spec.model().id(), String.valueOf(spec.model().path()));
  }

  /** A plan makes no folder. */
  static boolean isUnmade(URI root) {
    return "file".equals(root.getScheme()) && !Files.isDirectory(Path.of(root));
  }

  Planner.Outcome plan(Site site, Spec spec) throws IOException {
    try (var open = store.open()) {
      var planner = new Planner(Hardware.local(), site.policy(), site.planned(Optional.of(open)));
      return planner.plan(spec, open, model.tree());
    }
  }
}
