package io.fettle.activities.evaluation.series;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** How often a test set has been opened: the more candidates it has seen, the less it proves. */
public final class Openings {
  private final ObjectStore store;
  private final String prefix;

  /**
   * Of one test set.
   *
   * @param test hash of its rows, so that other rows to train on change nothing
   */
  public Openings(ObjectStore store, String test) {
    this.store = store;
    this.prefix = "datasets/openings/" + test + "/";
  }

  /**
   * Each candidate opens it once, however often its run is repeated. This one included.
   *
   * @param said each item's id and the candidate's answer, a line each, which tell it from others:
   *     their times do not
   */
  public int counted(String run, List<String> said) throws IOException {
    var text = new StringBuilder();
    said.forEach(each -> text.append(each).append('\n'));
    String candidate = Stores.sha256(text.toString().getBytes(StandardCharsets.UTF_8));

    boolean _ =
        store.putIfAbsent(prefix + candidate + ".json", run.getBytes(StandardCharsets.UTF_8));
    return store.list(prefix).size();
  }
}
