package io.fettle.activities.evaluation.series;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.evaluation.series.Place.Change;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The results of one spec's name, in series of equal criteria: {@code series/{name}/{criteria}/}
 * with {@code opened.json} of the first run and {@code runs/{run}.json} of each. Records are put if
 * none is there, so that a repeat, or a second judge at the same time, is told what the first was;
 * a later execution of a run is its newer result.
 *
 * <p>They hold no whole hash: whatever names a blob in the store keeps it from being collected.
 */
public final class Series {
  private static final int SHORT = 12;
  private static final String OPENED = "/opened.json";
  private static final String RUNS = "/runs/";
  private static final String JSON = ".json";
  private static final String NONE = "none";

  private final ObjectStore store;
  private final String folder;
  private final Entry entry;
  private final String criteria;

  private Series(ObjectStore store, Entry entry) {
    this.store = store;
    this.folder = "series/%s/".formatted(entry.name());
    this.entry = entry;
    this.criteria = shortened(entry.criteria().sha256());
  }

  /**
   * A result that comes in.
   *
   * @param name of the spec
   * @param execution of the run
   * @param criteria canonical JSON in the store
   * @param test hash of the test rows
   */
  public record Entry(String name, String run, String execution, Reference criteria, String test) {}

  record Opened(String run, SortedMap<String, String> fields) {}

  /** Of the last result before it, what is other; a run is told the same again. */
  record Entered(String test, String previous, @Nullable String execution) {}

  /** Takes a run's result into its series, which it may open. Safe to repeat. */
  public static Place enter(ObjectStore store, Entry entry) throws IOException {
    return new Series(store, entry).entered();
  }

  /** Where the run's result would stand, if it came in now; nothing is written. */
  public static Place look(ObjectStore store, Entry entry) throws IOException {
    return new Series(store, entry).looked();
  }

  /** What differs between two criteria, field by field; what may be private is told by its hash. */
  public static List<Change> changes(JsonNode before, JsonNode after) {
    return changes(Fields.of(before), Fields.of(after));
  }

  private Place entered() throws IOException {
    List<StoredObject> before = store.list(folder);
    String key = folder + criteria + OPENED;
    Opened opened = opening();
    if (!store.putIfAbsent(key, Wire.mapper().writeValueAsBytes(opened))) {
      opened = read(key, Opened.class);
    }
    return place(before, opened, recorded(entry(before)));
  }

  private Place looked() throws IOException {
    List<StoredObject> before = store.list(folder);
    Optional<Opened> opened = found(folder + criteria + OPENED, Opened.class);
    return place(before, opened.isPresent() ? opened.get() : opening(), entry(before));
  }

  private Opened opening() throws IOException {
    JsonNode frozen = Wire.mapper().readTree(store.read(entry.criteria()));
    return new Opened(entry.run(), Fields.of(frozen));
  }

  private Entered entry(List<StoredObject> before) {
    return new Entered(shortened(entry.test()), previous(before), entry.execution());
  }

  /** What this execution was told first; another execution's record gives way. */
  private Entered recorded(Entered now) throws IOException {
    String key = folder + criteria + RUNS + entry.run() + JSON;
    byte[] body = Wire.mapper().writeValueAsBytes(now);
    if (store.putIfAbsent(key, body)) {
      return now;
    }
    Entered there = read(key, Entered.class);
    if (entry.execution().equals(there.execution())) {
      return there;
    }
    store.put(key, body);
    return now;
  }

  private Place place(List<StoredObject> before, Opened opened, Entered entered)
      throws IOException {
    List<String> runs = new ArrayList<>();
    List<String> otherItems = new ArrayList<>();
    var apart = new TreeSet<String>();
    for (StoredObject object : before) {
      String run = run(object);
      if (!run.isEmpty() && !criteria(object).equals(criteria)) {
        apart.add(run);
      } else if (!run.isEmpty() && !run.equals(entry.run())) {
        runs.add(run);
        if (!read(object.key(), Entered.class).test().equals(entered.test())) {
          otherItems.add(run);
        }
      }
    }
    return new Place(
        entry.name(),
        criteria,
        opened.run(),
        opened.run().equals(entry.run()),
        runs,
        otherItems,
        entered.previous(),
        changesSince(entered.previous(), opened.fields()),
        List.copyOf(apart));
  }

  /** The criteria of the newest result, where they are others. */
  private String previous(List<StoredObject> before) {
    return before.stream()
        .filter(object -> !run(object).isEmpty())
        .max(Comparator.comparing(StoredObject::modified).thenComparing(StoredObject::key))
        .map(this::criteria)
        .filter(newest -> !newest.equals(criteria))
        .orElse("");
  }

  private List<Change> changesSince(String previous, Map<String, String> now) throws IOException {
    return previous.isEmpty()
        ? List.of()
        : changes(read(folder + previous + OPENED, Opened.class).fields(), now);
  }

  private static List<Change> changes(Map<String, String> then, Map<String, String> now) {
    List<Change> changes = new ArrayList<>();
    var paths = new TreeSet<>(then.keySet());
    paths.addAll(now.keySet());
    for (String path : paths) {
      String old = then.getOrDefault(path, NONE);
      String fresh = now.getOrDefault(path, NONE);
      if (!old.equals(fresh)) {
        changes.add(new Change(path, old, fresh));
      }
    }
    return changes;
  }

  private String criteria(StoredObject object) {
    return object.key().substring(folder.length()).split("/", 2)[0];
  }

  /** Empty for an opening. */
  private static String run(StoredObject object) {
    int at = object.key().indexOf(RUNS);
    return at < 0
        ? ""
        : object.key().substring(at + RUNS.length(), object.key().length() - JSON.length());
  }

  private <T> T read(String key, Class<T> type) throws IOException {
    return found(key, type)
        .orElseThrow(
            () ->
                new IOException(
                    key + " was there and is gone; records of series must not be deleted"));
  }

  private <T> Optional<T> found(String key, Class<T> type) throws IOException {
    Optional<byte[]> body = store.find(key);
    return body.isEmpty()
        ? Optional.empty()
        : Optional.of(Wire.mapper().readValue(body.get(), type));
  }

  private static String shortened(String hash) {
    return hash.substring(0, Math.min(SHORT, hash.length()));
  }
}
