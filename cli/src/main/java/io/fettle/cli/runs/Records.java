package io.fettle.cli.runs;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.elastic.Spending.Bill;
import io.fettle.activities.evaluation.series.Place;
import io.fettle.activities.lineage.Lineage;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.staging.TreeManifest;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.StoreAddress;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What finished runs left in the store. */
public final class Records implements AutoCloseable {
  private static final String RECORD = "/record.json";

  private final ObjectStore store;

  private Records(ObjectStore store) {
    this.store = store;
  }

  /** Of that store; the caller closes it. */
  public static Records in(StoreAddress store) {
    return new Records(store.open());
  }

  /** One finished execution's record and where it lies. */
  public record Kept(RunStory story, String key) {
    /** The named document; empty where the run did not come so far. */
    public Optional<Reference> document(String name) {
      return story.documents().stream()
          .filter(document -> document.name().equals(name))
          .map(RunStory.Document::reference)
          .findFirst();
    }
  }

  /** The newest record of a run; empty before its first execution has ended. */
  public Optional<Kept> newest(String run) {
    try {
      var keys = keys(run);
      return keys.isEmpty() ? Optional.empty() : kept(keys.getFirst());
    } catch (IOException away) {
      throw unreachable(away);
    }
  }

  /** What the run's hosts have cost so far, those that live included, and may cost. */
  public Bill bill(String run) {
    try {
      return Capacity.spending(store).bill(run, Instant.now());
    } catch (IOException away) {
      throw unreachable(away);
    }
  }

  /** The records of all of a run's executions that have ended, the newest first. */
  List<Kept> all(String run) {
    try {
      var all = new ArrayList<Kept>();
      for (var key : keys(run)) {
        kept(key).ifPresent(all::add);
      }
      return all;
    } catch (IOException away) {
      throw unreachable(away);
    }
  }

  private List<String> keys(String run) throws IOException {
    return store.list("runs/%s/executions/".formatted(run)).stream()
        .filter(object -> object.key().endsWith(RECORD))
        .sorted(Comparator.comparing(StoredObject::modified).reversed())
        .map(StoredObject::key)
        .toList();
  }

  private Optional<Kept> kept(String key) throws IOException {
    var body = store.find(key);
    return body.isEmpty()
        ? Optional.empty()
        : Optional.of(new Kept(Wire.mapper().readValue(body.get(), RunStory.class), key));
  }

  /**
   * As {@link #newest}.
   *
   * @throws CommandFailure where the run has no record yet
   */
  public Kept required(String run) {
    return newest(run)
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.INVALID,
                    "%s has no record yet: none of its executions has ended; `fettle watch %s` follows it"
                        .formatted(run, run)));
  }

  /** The report page beside a record. */
  public URI report(Kept record) {
    return store.uri(record.key().replace(RECORD, "/report.html"));
  }

  /** A JSON document in the folder of a record; empty: there is none. */
  public Optional<JsonNode> beside(Kept record, String name) {
    try {
      var body = store.find(record.key().replace(RECORD, "/" + name));
      return body.isEmpty() ? Optional.empty() : Optional.of(Wire.mapper().readTree(body.get()));
    } catch (IOException away) {
      throw unreachable(away);
    }
  }

  /** Puts a JSON document into the folder of a record, in the place of one of that name. */
  void putBeside(Kept record, String name, Object document) {
    try {
      store.put(
          record.key().replace(RECORD, "/" + name),
          Wire.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(document));
    } catch (IOException away) {
      throw unreachable(away);
    }
  }

  /** Renders the report page beside a record anew. */
  void renderReport(Kept record) {
    try {
      Lineage.report(store, record.story());
    } catch (IOException away) {
      throw unreachable(away);
    }
  }

  /** A JSON document of a run. */
  public JsonNode json(Reference document) {
    try {
      return Wire.mapper().readTree(store.read(document));
    } catch (IOException away) {
      throw unreachable(away);
    }
  }

  /** Where a run's results stand among others; empty where nothing was measured, or long ago. */
  public Optional<Place> series(Kept record) {
    var measured = record.document("evaluation").or(() -> record.document("baselines"));
    return measured
        .map(document -> json(document).path("series"))
        .filter(JsonNode::isObject)
        .map(place -> Wire.mapper().convertValue(place, Place.class));
  }

  /** The rows of one file of a dataset, such as {@code test.jsonl}. */
  public List<JsonNode> rows(Reference dataset, String file) {
    try {
      var rows = new ArrayList<JsonNode>();
      for (var entry : Staging.manifest(store, dataset).files()) {
        if (entry.path().equals(file)) {
          rows.addAll(parsed(store.read(blob(dataset, entry))));
        }
      }
      return rows;
    } catch (IOException away) {
      throw unreachable(away);
    }
  }

  private static List<JsonNode> parsed(byte[] jsonLines) throws IOException {
    var rows = new ArrayList<JsonNode>();
    for (var line : new String(jsonLines, StandardCharsets.UTF_8).lines().toList()) {
      rows.add(Wire.mapper().readTree(line));
    }
    return rows;
  }

  /** A tree's files lie beside its manifest, each under its hash. */
  private Reference blob(Reference tree, TreeManifest.Entry entry) {
    var key = store.key(tree.uri());
    var prefix = key.substring(0, key.indexOf("/sha256/"));
    return store.blob(prefix, entry.sha256());
  }

  /** Copies a tree into a folder, every file checked against its hash. Returns the bytes. */
  public long copy(Reference tree, Path cache, Path target) {
    try {
      return Staging.stageTree(store, tree, cache, target, Staging.Access.WRITE).files().bytes();
    } catch (IOException away) {
      throw unreachable(away);
    }
  }

  private static CommandFailure unreachable(IOException why) {
    return new CommandFailure(ExitCode.UNREACHABLE, String.valueOf(why.getMessage()), why);
  }

  @Override
  public void close() {
    try {
      store.close();
    } catch (IOException away) {
      throw unreachable(away);
    }
  }
}
