package io.fettle.activities.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** What scoring needs of a dataset's tree, without its rows to train on. */
final class DatasetFiles {
  private final ObjectStore store;
  private final Reference dataset;
  private final JsonNode tree;
  private final String clusters;

  DatasetFiles(ObjectStore store, Reference dataset) throws IOException {
    this.store = store;
    this.dataset = dataset;
    this.tree = Wire.mapper().readTree(store.read(dataset));
    this.clusters = text("clusters.jsonl");
  }

  /** The hash of a part's rows, whatever else is in the dataset; the dataset's own without one. */
  String hash(Part part) {
    String file = part == Part.TEST ? "test.jsonl" : "dev.jsonl";
    return sha256(file).orElse(dataset.sha256());
  }

  /** Which items of a part hang together; datasets of older releases do not tell. */
  HangingTogether together(Part part) throws IOException {
    return new HangingTogether(clusters, part);
  }

  /** What prepare reported of the rows; nothing where the dataset has no report. */
  PreparedRows report() throws IOException {
    String report = text("report.json");
    return new PreparedRows(
        report.isEmpty() ? MissingNode.getInstance() : Wire.mapper().readTree(report).path("rows"));
  }

  /** The first training rows; none where the dataset has none. */
  List<Item> train(int most) throws IOException {
    List<Item> items = new ArrayList<>();
    for (String line : text("train.jsonl").lines().limit(most).toList()) {
      items.add(Item.of(Wire.mapper().readTree(line)));
    }
    return items;
  }

  /** A file of the tree; empty where it has no such file. */
  private String text(String path) throws IOException {
    Optional<String> sha256 = sha256(path);
    return sha256.isEmpty()
        ? ""
        : new String(
            store.read(store.blob(ObjectStore.OBJECTS, sha256.get())), StandardCharsets.UTF_8);
  }

  private Optional<String> sha256(String path) {
    for (JsonNode file : tree.path("files")) {
      if (file.path("path").asText().equals(path)) {
        return Optional.of(file.path("sha256").asText());
      }
    }
    return Optional.empty();
  }

  /** The counts of prepare's report. */
  record PreparedRows(JsonNode report) {
    /** Rows of a part, by its name in the report; empty where it is not told. */
    OptionalInt rows(String part) {
      for (JsonNode told : report.path("parts")) {
        if (told.path("part").asText().equals(part)) {
          return OptionalInt.of(told.path("rows").asInt());
        }
      }
      return OptionalInt.empty();
    }

    int dropped(String reason) {
      int rows = 0;
      for (JsonNode stage : report.path("stages")) {
        for (JsonNode drop : stage.path("drops")) {
          rows += drop.path("reason").asText().equals(reason) ? drop.path("rows").asInt() : 0;
        }
      }
      return rows;
    }

    int conflicting() {
      return report.path("conflicts").path("rows").asInt();
    }
  }
}
