package io.fettle.activities.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.activities.training.ledger.Ledger.Entry;
import io.fettle.activities.training.ledger.Ledger.Standing;
import io.fettle.activities.training.ledger.Manifest;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Every published checkpoint of a run, for people: what the ledger would choose and why not the
 * others.
 *
 * @param rows by lease, then step
 */
public record Checkpoints(List<Row> rows) {

  /** What is known of a checkpoint's bytes. */
  public enum Verified {
    /** Every byte was read and has its hash. */
    READ,
    /** The manifest's seal was checked, and every object is there with its size. */
    SIZES,
    NO
  }

  /**
   * One checkpoint.
   *
   * @param bytes null where its manifest cannot be read
   * @param writeSeconds what the trainer stood still for it; null where nothing is kept of it
   * @param uploadSeconds what its way to the store took; null where nothing is kept of it
   * @param devLoss nats per supervised token
   * @param standing the ledger's word
   * @param why chosen as what, or why not, as a sentence's part
   */
  public record Row(
      int lease,
      long step,
      Instant published,
      @Nullable Long bytes,
      @JsonProperty("write_seconds") @Nullable Double writeSeconds,
      @JsonProperty("upload_seconds") @Nullable Double uploadSeconds,
      @JsonProperty("dev_loss") @Nullable Double devLoss,
      Verified verified,
      @JsonProperty("resume_point") boolean resumePoint,
      boolean best,
      String standing,
      String why) {}

  /**
   * Reads them from the run's ledger. Changes nothing.
   *
   * @param read whether every byte of every checkpoint is read and hashed
   */
  public static Checkpoints of(ObjectStore store, String run, boolean read) throws IOException {
    var ledger = new Ledger(store, run, Clock.systemUTC());
    var costs = new HashMap<Integer, Costs>();
    var rows = new ArrayList<Row>();
    for (var entry : ledger.survey(read)) {
      var known = costs.get(entry.lease());
      if (known == null) {
        known = Costs.of(ledger.events(entry.lease()));
        costs.put(entry.lease(), known);
      }
      rows.add(row(entry, known, read));
    }
    return new Checkpoints(List.copyOf(rows));
  }

  private static Row row(Entry entry, Costs costs, boolean read) {
    var manifest = entry.manifest();
    return new Row(
        entry.lease(),
        entry.step(),
        entry.publishedAt(),
        manifest.map(Manifest::bytes).orElse(null),
        costs.write().get(entry.step()),
        costs.upload().get(entry.step()),
        manifest.map(Manifest::devLoss).orElse(null),
        entry.whole() ? (read ? Verified.READ : Verified.SIZES) : Verified.NO,
        entry.standing() == Standing.RESUME_POINT,
        entry.best(),
        entry.standing().name(),
        why(entry));
  }

  private static String why(Entry entry) {
    var said = new ArrayList<String>();
    said.add(
        switch (entry.standing()) {
          case RESUME_POINT -> "the next lease goes on from it";
          case SUPERSEDED -> "a newer one is whole";
          case BROKEN_OBJECT -> "an object of it is missing or damaged";
          case BROKEN_MANIFEST -> "its manifest is torn or of another lineage";
          case STALE_LEASE -> "stale: a later lease did not go on from it";
          case ANOTHER_INPUT -> "of other rows, another plan or another environment";
        });
    if (entry.best()) {
      said.add("best dev loss");
    }
    if (!entry.loadedBy().isEmpty()) {
      said.add("loaded by lease " + entry.loadedBy().toString().replaceAll("[\\[\\]]", ""));
    }
    return String.join("; ", said);
  }

  /** Seconds by step, as the lease's events tell them. */
  private record Costs(Map<Long, Double> write, Map<Long, Double> upload) {
    static Costs of(byte[] events) {
      var costs = new Costs(new HashMap<>(), new HashMap<>());
      new String(events, StandardCharsets.UTF_8).lines().forEach(costs::take);
      return costs;
    }

    private void take(String line) {
      var event = parsed(line);
      var seconds = event.map(each -> each.path("seconds")).filter(JsonNode::isNumber);
      if (event.isPresent() && seconds.isPresent()) {
        var step = event.get().path("step").asLong();
        switch (event.get().path("event").asText()) {
          case "checkpoint" -> write.put(step, seconds.get().asDouble());
          case "published" -> upload.put(step, seconds.get().asDouble());
          default -> {} // other events cost a checkpoint nothing
        }
      }
    }

    private static Optional<JsonNode> parsed(String line) {
      try {
        return Optional.of(Wire.mapper().readTree(line));
      } catch (IOException torn) {
        return Optional.empty();
      }
    }
  }
}
