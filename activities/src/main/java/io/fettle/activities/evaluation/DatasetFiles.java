package io.fettle.activities.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fettle.activities.store.ObjectStore;
import io.fettle.statistics.Clusters;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Single files of a dataset's tree, read without the rest. */
final class DatasetFiles {
  private static final String CLUSTERS = "clusters.jsonl";

  private final ObjectStore store;
  private final Reference dataset;
  private final JsonNode tree;

  DatasetFiles(ObjectStore store, Reference dataset) throws IOException {
    this.store = store;
    this.dataset = dataset;
    this.tree = Wire.mapper().readTree(store.read(dataset));
  }

  /** The hash of a part's rows, whatever else is in the dataset; the dataset's own without one. */
  String hash(Part part) {
    String file = part == Part.TEST ? "test.jsonl" : "dev.jsonl";
    return sha256(file).orElse(dataset.sha256());
  }

  /** Which of these items hang together; datasets of older releases do not tell. */
  Clusters clusters(Part part, List<String> items) throws IOException {
    return together(part).of(items);
  }

  /** What prepare reported of the rows; missing where the dataset has none. */
  JsonNode report() throws IOException {
    Optional<String> sha256 = sha256("report.json");
    return sha256.isEmpty()
        ? MissingNode.getInstance()
        : Wire.mapper().readTree(store.read(blob(sha256.get()))).path("rows");
  }

  /** The first training rows; none where the dataset has none. */
  List<Item> train(int most) throws IOException {
    Optional<String> sha256 = sha256("train.jsonl");
    List<Item> items = new ArrayList<>();
    if (sha256.isPresent()) {
      String text = new String(store.read(blob(sha256.get())), StandardCharsets.UTF_8);
      for (String line : text.lines().limit(most).toList()) {
        items.add(Item.of(Wire.mapper().readTree(line)));
      }
    }
    return items;
  }

  /** The number of each item's cluster; empty where each is for itself. */
  List<Integer> clusterNumbers(Part part, List<String> items) throws IOException {
    return together(part).numbers(items);
  }

  /** What the gate's own items can show, where the dataset says how many there are. */
  Optional<String> power(Criteria criteria) throws IOException {
    for (JsonNode part : report().path("parts")) {
      int items = part.path("rows").asInt();
      if (part.path("part").asText().equals(Part.TEST.name()) && items > 0) {
        return Optional.of(GatePower.said(criteria, items, together(Part.TEST).clusters(items)));
      }
    }
    return Optional.empty();
  }

  private HangingTogether together(Part part) throws IOException {
    Optional<String> sha256 = sha256(CLUSTERS);
    String lines =
        sha256.isEmpty() ? "" : new String(store.read(blob(sha256.get())), StandardCharsets.UTF_8);
    return new HangingTogether(lines, part);
  }

  private Optional<String> sha256(String path) {
    for (JsonNode file : tree.path("files")) {
      if (file.path("path").asText().equals(path)) {
        return Optional.of(file.path("sha256").asText());
      }
    }
    return Optional.empty();
  }

  private Reference blob(String sha256) {
    String key = ObjectStore.OBJECTS + "/sha256/" + sha256.substring(0, 2) + "/" + sha256;
    return new Reference(store.uri(key), sha256);
  }
}
