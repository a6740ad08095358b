package io.fettle.activities.store.conformance;

import static io.fettle.activities.store.conformance.Place.bytes;
import static io.fettle.activities.store.conformance.Place.same;
import static io.fettle.activities.store.conformance.Place.that;

import io.fettle.activities.store.StoredObject;
import io.fettle.activities.store.conformance.Conformance.Broken;
import io.fettle.activities.store.conformance.Conformance.Check;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Lists. */
final class Lists {
  /** More than a page of any cloud. */
  private static final int MANY = 1_100;

  private static final int AT_ONCE = 16;
  private static final int ROUNDS = 20;

  private Lists() {}

  static List<Check> checks() {
    return List.of(
        new Check("a prefix is a string and not a folder", Lists::prefixes),
        new Check("a list describes an object as a look-up does", Lists::described),
        new Check("a list right after a write or a delete sees it", Lists::fresh),
        new Check("a list of more than a page is whole, and in order", Lists::pages));
  }

  private static void prefixes(Place place) throws IOException, Broken {
    for (var name : List.of("runs/a-1/x", "runs/a-10/x", "runs/b/x", "run/x")) {
      place.store().put(place.key(name), bytes(name));
    }
    same(place.names("runs/a-1"), List.of("runs/a-1/x", "runs/a-10/x"), "list of runs/a-1");
    same(place.names("runs/a-1/"), List.of("runs/a-1/x"), "list of runs/a-1/");
    same(
        place.names("run"),
        List.of("run/x", "runs/a-1/x", "runs/a-10/x", "runs/b/x"),
        "list of run");
  }

  private static void described(Place place) throws IOException, Broken {
    place.store().put(place.key("one"), bytes("some bytes"));
    var looked = place.store().head(place.key("one"));
    same(looked, place.list().stream().findFirst(), "what a look-up says");
  }

  private static void fresh(Place place) throws IOException, Broken {
    for (int round = 0; round < ROUNDS; round++) {
      var name = "round-%02d".formatted(round);
      place.store().put(place.key(name), bytes(name));
      that(place.names("").contains(name), "a list right after a write does not show it");
      if (round % 2 == 1) {
        place.store().delete(place.key(name));
        that(!place.names("").contains(name), "a list right after a delete still shows it");
      }
    }
  }

  private static void pages(Place place) throws IOException, Broken, InterruptedException {
    var names = new ArrayList<String>();
    for (int n = 0; n < MANY; n++) {
      names.add("many/%05d".formatted(n));
    }
    atOnce(names.stream().<Callable<Boolean>>map(name -> () -> written(place, name)).toList());
    same(place.names("many/"), names, "list of %d objects".formatted(MANY));
    var listed = place.list();
    atOnce(listed.stream().<Callable<Boolean>>map(each -> () -> deleted(place, each)).toList());
    same(place.list().size(), 0, "objects after all were deleted");
  }

  private static boolean written(Place place, String name) throws IOException {
    place.store().put(place.key(name), bytes(name));
    return true;
  }

  private static boolean deleted(Place place, StoredObject object) throws IOException {
    place.store().delete(object.key());
    return true;
  }

  private static void atOnce(List<Callable<Boolean>> calls)
      throws IOException, InterruptedException {
    try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      for (var each : threads.invokeAll(calls)) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
  }
}
