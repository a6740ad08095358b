package io.fettle.activities.store.conformance;

import io.fettle.activities.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Every promise of {@link ObjectStore}, a check each. Each works under a prefix of its own and
 * leaves nothing behind, so that they may run against a store in use.
 */
public final class Conformance {
  private Conformance() {}

  /**
   * One promise.
   *
   * @param name a sentence without its dot
   */
  public record Check(String name, Body body) {

    /**
     * @param scratch an empty folder
     * @throws Broken if the store does not keep it
     */
    public void run(ObjectStore store, Path scratch)
        throws IOException, Broken, InterruptedException {
      try (var place = new Place(store, scratch)) {
        body.run(place);
      }
    }
  }

  interface Body {
    void run(Place place) throws IOException, Broken, InterruptedException;
  }

  /** The store did something else, and what. */
  public static final class Broken extends Exception {
    private static final long serialVersionUID = 1;

    Broken(String what) {
      super(what);
    }
  }

  public static List<Check> all() {
    return Stream.of(Writes.checks(), Reads.checks(), Blobs.checks(), Lists.checks())
        .flatMap(List::stream)
        .toList();
  }
}
