package io.fettle.activities.store.conformance;

import static io.fettle.activities.store.conformance.Place.bytes;
import static io.fettle.activities.store.conformance.Place.same;
import static io.fettle.activities.store.conformance.Place.that;

import io.fettle.activities.store.conformance.Conformance.Broken;
import io.fettle.activities.store.conformance.Conformance.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Puts, conditional puts, deletes. */
final class Writes {
  private static final int WRITERS = 8;
  private static final int ROUNDS = 10;
  private static final int OVERWRITES = 40;
  private static final int BODY = 300_000;

  private Writes() {}

  static List<Check> checks() {
    return List.of(
        new Check("the first conditional put wins, and the second is told so", Writes::firstWins),
        new Check("of racing conditional puts exactly one wins", Writes::races),
        new Check("a put replaces", Writes::replaces),
        new Check("an object may be empty", Writes::empty),
        new Check("a deleted object is gone, and deleting again is nothing", Writes::deleted),
        new Check("a name is free again after its object was deleted", Writes::freeAgain),
        new Check("readers of an overwritten object see old or new bytes", Writes::whole));
  }

  private static void firstWins(Place place) throws IOException, Broken {
    var key = place.key("lease.json");
    that(place.store().putIfAbsent(key, bytes("first")), "the first writer was told that it lost");
    that(!place.store().putIfAbsent(key, bytes("second")), "a second writer was told that it won");
    that(
        !place.store().putIfAbsent(key, bytes("first")),
        "a second writer of the same bytes was told that it won");
    place.holds(key, bytes("first"));
  }

  private static void races(Place place) throws IOException, Broken, InterruptedException {
    for (int round = 0; round < ROUNDS; round++) {
      var key = place.key("race-" + round);
      var winners = winners(place, key);
      same(winners.size(), 1, "winners of round " + round);
      place.holds(key, bytes("writer " + winners.getFirst()));
    }
  }

  private static List<Integer> winners(Place place, String key)
      throws IOException, InterruptedException {
    var start = new CyclicBarrier(WRITERS);
    var race = new ArrayList<Callable<Boolean>>();
    for (int writer = 0; writer < WRITERS; writer++) {
      var body = bytes("writer " + writer);
      race.add(
          () -> {
            start.await();
            return place.store().putIfAbsent(key, body);
          });
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var told = threads.invokeAll(race);
      var winners = new ArrayList<Integer>();
      for (int writer = 0; writer < WRITERS; writer++) {
        if (told.get(writer).get()) {
          winners.add(writer);
        }
      }
      return winners;
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
  }

  private static void replaces(Place place) throws IOException, Broken {
    var key = place.key("alias.json");
    place.store().put(key, bytes("1"));
    place.store().put(key, bytes("22"));
    place.holds(key, bytes("22"));
    same(place.store().head(key).orElseThrow().bytes(), 2L, "size after the second put");
  }

  private static void empty(Place place) throws IOException, Broken {
    var key = place.key("empty");
    place.store().put(key, new byte[0]);
    place.holds(key, new byte[0]);
    same(place.store().head(key).orElseThrow().bytes(), 0L, "size of an empty object");
    var file = place.file("empty", 0, 0);
    var blob = place.store().putBlob(place.blobs(), file);
    place.store().download(blob, place.file("copy"));
    same(Files.size(place.file("copy")), 0L, "size of an empty blob's copy");
  }

  private static void deleted(Place place) throws IOException, Broken {
    var key = place.key("x/y");
    place.store().put(key, bytes("1"));
    place.store().delete(key);
    place.store().delete(key);
    place.isAbsent(key);
    same(place.list().size(), 0, "objects in the list after the delete");
  }

  private static void freeAgain(Place place) throws IOException, Broken {
    var key = place.key("claim");
    that(place.store().putIfAbsent(key, bytes("1")), "the first writer was told that it lost");
    place.store().delete(key);
    that(place.store().putIfAbsent(key, bytes("2")), "a deleted object still counts as there");
    place.holds(key, bytes("2"));
  }

  private static void whole(Place place) throws IOException, Broken, InterruptedException {
    var key = place.key("overwritten");
    place.store().put(key, filled(0));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var writer =
          threads.submit(
              () -> {
                for (int n = 1; n <= OVERWRITES; n++) {
                  place.store().put(key, filled(n));
                }
                return true;
              });
      while (!writer.isDone()) {
        var seen = place.store().find(key).orElse(new byte[0]);
        that(isWhole(seen), "a reader saw a part of an object, or of two");
      }
      writer.get();
    } catch (ExecutionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
  }

  private static byte[] filled(int with) {
    var body = new byte[BODY];
    Arrays.fill(body, (byte) with);
    return body;
  }

  private static boolean isWhole(byte[] body) {
    return body.length == BODY && Arrays.equals(body, filled(body[0]));
  }
}
