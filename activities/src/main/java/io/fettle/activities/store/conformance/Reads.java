package io.fettle.activities.store.conformance;

import static io.fettle.activities.store.conformance.Place.bytes;
import static io.fettle.activities.store.conformance.Place.noise;
import static io.fettle.activities.store.conformance.Place.same;
import static io.fettle.activities.store.conformance.Place.that;

import io.fettle.activities.store.ObjectStore.Copied;
import io.fettle.activities.store.conformance.Conformance.Broken;
import io.fettle.activities.store.conformance.Conformance.Check;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** What is there, what is not, and files. */
final class Reads {
  /** Several parts and a bit of one. */
  private static final int LARGE = 20_000_003;

  private static final Duration SKEW = Duration.ofHours(12);

  private Reads() {}

  static List<Check> checks() {
    return List.of(
        new Check("what is not there is not there, and no failure", Reads::absent),
        new Check("an object is described by its size and time", Reads::described),
        new Check("a large file goes in and comes out whole", Reads::large),
        new Check("a file replaces an object", Reads::replaced),
        new Check("a copy is whole, and replaces a file only then", Reads::copied),
        new Check("every character that a key may have comes back", Reads::characters),
        new Check("addresses and keys translate both ways", Reads::addresses));
  }

  private static void absent(Place place) throws IOException, Broken {
    place.isAbsent(place.key("nothing"));
    same(place.names("nothing").size(), 0, "objects under an unused prefix");
  }

  private static void described(Place place) throws IOException, Broken {
    var key = place.key("described");
    place.store().put(key, bytes("seven b"));
    var is = place.store().head(key).orElseThrow(() -> new Broken("a new object is not described"));
    same(is.key(), key, "key");
    same(is.bytes(), 7L, "size");
    var age = Duration.between(is.modified(), Instant.now()).abs();
    that(age.compareTo(SKEW) < 0, "its time is " + age + " away from this machine's");
  }

  private static void large(Place place) throws IOException, Broken {
    var file = place.file("large", LARGE, 1);
    var blob = place.store().putBlob(place.blobs(), file);
    place.store().download(blob, place.file("deep/er/copy"));
    same(Files.mismatch(file, place.file("deep/er/copy")), -1L, "first byte that differs");
    same(
        place.store().head(place.store().key(blob.uri())).orElseThrow().bytes(),
        (long) LARGE,
        "size of a large object");
  }

  private static void replaced(Place place) throws IOException, Broken {
    var key = place.key("models/named.bin");
    place.store().put(key, bytes("old"));
    place.store().upload(key, place.file("small", 1_000, 2));
    place.holds(key, noise(1_000, 2));
    var sent = new AtomicLong();
    place.store().upload(key, place.file("large", LARGE, 3), sent::addAndGet);
    same(sent.get(), (long) LARGE, "bytes that were heard of while it went");
    same(place.store().head(key).orElseThrow().bytes(), (long) LARGE, "size of the large file");
    place.holds(key, noise(LARGE, 3));
  }

  private static void copied(Place place) throws IOException, Broken {
    var target = Files.write(place.file("copy"), bytes("as it was"));
    same(place.store().copy(place.key("no"), target), Copied.NOTHING_THERE, "copy of nothing");
    that(Arrays.equals(Files.readAllBytes(target), bytes("as it was")), "the target was touched");
    for (int length : new int[] {0, 1, LARGE}) {
      place.store().upload(place.key("object"), Files.write(place.file("is"), noise(length, 9)));
      var copied = place.store().copy(place.key("object"), target);
      that(copied != Copied.NOTHING_THERE, "a copy says that nothing is there");
      same(Files.mismatch(place.file("is"), target), -1L, "first byte that differs");
    }
  }

  private static void characters(Place place) throws IOException, Broken {
    var key = place.key("a@1/x+y=z._-/AZaz09");
    place.store().put(key, bytes("here"));
    place.holds(key, bytes("here"));
    same(place.names("a@1/").toString(), "[a@1/x+y=z._-/AZaz09]", "list");
    that(place.store().head(key).isPresent(), "it is not described");
    place.store().delete(key);
    place.isAbsent(key);
  }

  private static void addresses(Place place) throws Broken {
    var key = place.key("runs/a@1/x+y=z.json");
    same(place.store().key(place.store().uri(key)), key, "key of its address");
    that(place.store().root().toString().endsWith("/"), "the root does not end in a slash");
  }
}
