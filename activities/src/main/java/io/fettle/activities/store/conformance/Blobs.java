package io.fettle.activities.store.conformance;

import static io.fettle.activities.store.conformance.Place.bytes;
import static io.fettle.activities.store.conformance.Place.failure;
import static io.fettle.activities.store.conformance.Place.noise;
import static io.fettle.activities.store.conformance.Place.same;
import static io.fettle.activities.store.conformance.Place.that;

import io.fettle.activities.store.ObjectStore.Copied;
import io.fettle.activities.store.ObjectStore.CorruptObject;
import io.fettle.activities.store.ObjectStore.MissingObject;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.conformance.Conformance.Broken;
import io.fettle.activities.store.conformance.Conformance.Check;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;

/** Objects that are named by their hash. */
final class Blobs {
  private static final int LARGE = 20_000_003;

  private Blobs() {}

  static List<Check> checks() {
    return List.of(
        new Check("a blob is named by its hash and read back", Blobs::named),
        new Check("a blob that is put again stays", Blobs::repeated),
        new Check("a damaged blob is refused, and healed by the next put", Blobs::damaged),
        new Check("a large blob with a flipped bit is refused", Blobs::flipped),
        new Check("a blob that was cut short is refused", Blobs::cutShort),
        new Check("a missing blob is named", Blobs::missing));
  }

  private static void named(Place place) throws IOException, Broken {
    var blob = place.store().putBlob(place.blobs(), bytes("weights"));
    same(blob.sha256(), Stores.sha256(bytes("weights")), "hash");
    same(
        place.store().key(blob.uri()),
        place.blobs() + "/sha256/" + blob.sha256().substring(0, 2) + "/" + blob.sha256(),
        "key");
    that(Arrays.equals(place.store().read(blob), bytes("weights")), "other bytes came back");
  }

  private static void repeated(Place place) throws IOException, Broken {
    var first = place.store().putBlob(place.blobs(), bytes("weights"));
    same(place.store().putBlob(place.blobs(), bytes("weights")), first, "second reference");
    var file = place.file("large", LARGE, 4);
    var large = place.store().putBlob(place.blobs(), file);
    same(place.store().putBlob(place.blobs(), file), large, "second reference of a file");
    same(check(place, large), Copied.VERIFIED, "check of a large blob");
    same(check(place, first), Copied.VERIFIED, "check of a small blob");
    same(place.names("blobs/").size(), 2, "objects");
  }

  private static void damaged(Place place) throws IOException, Broken {
    var blob = place.store().putBlob(place.blobs(), bytes("weights"));
    place.store().put(place.store().key(blob.uri()), bytes("weighty"));
    var target = place.file("copy");
    that(
        failure(() -> place.store().read(blob), "reading a damaged blob") instanceof CorruptObject,
        "the failure does not say that the blob is damaged");
    that(
        failure(() -> place.store().download(blob, target), "copying a damaged blob")
            instanceof CorruptObject,
        "the failure does not say that the blob is damaged");
    that(!Files.exists(target), "a damaged copy was left");
    place.store().putBlob(place.blobs(), bytes("weights"));
    place.store().download(blob, target);
    that(Arrays.equals(Files.readAllBytes(target), bytes("weights")), "it was not healed");
  }

  private static void flipped(Place place) throws IOException, Broken {
    var body = noise(LARGE, 5);
    var blob = place.store().putBlob(place.blobs(), Files.write(place.file("large"), body));
    body[LARGE / 2] ^= 1;
    place.store().upload(place.store().key(blob.uri()), Files.write(place.file("bad"), body));
    refusedCopy(place, blob);
    place.store().putBlob(place.blobs(), place.file("large"));
    place.store().download(blob, place.file("copy"));
    same(Files.mismatch(place.file("large"), place.file("copy")), -1L, "first byte that differs");
  }

  private static void cutShort(Place place) throws IOException, Broken {
    var blob = place.store().putBlob(place.blobs(), place.file("large", LARGE, 6));
    var half = Files.write(place.file("half"), noise(LARGE / 2, 6));
    place.store().upload(place.store().key(blob.uri()), half);
    refusedCopy(place, blob);
  }

  private static void refusedCopy(Place place, Reference blob) throws IOException, Broken {
    var target = Files.write(place.file("copy"), bytes("as it was"));
    that(
        failure(() -> place.store().download(blob, target), "copying a damaged blob")
            instanceof CorruptObject,
        "the failure does not say that the blob is damaged");
    that(Arrays.equals(Files.readAllBytes(target), bytes("as it was")), "the target was touched");
    that(
        failure(() -> check(place, blob), "checking a damaged blob") instanceof CorruptObject,
        "the failure does not say that the blob is damaged");
  }

  private static Copied check(Place place, Reference blob) throws IOException {
    return place.store().check(place.store().key(blob.uri()), blob.sha256());
  }

  private static void missing(Place place) throws IOException, Broken {
    var nowhere = new Reference(place.store().uri(place.key("sha256/aa/aa")), "aa");
    same(check(place, nowhere), Copied.NOTHING_THERE, "check of what is not there");
    for (var failed :
        List.of(
            failure(() -> place.store().read(nowhere), "reading what is not there"),
            failure(
                () -> place.store().download(nowhere, place.file("x")),
                "copying what is not there"))) {
      that(failed instanceof MissingObject, "the failure does not say that the blob is missing");
      that(
          String.valueOf(failed.getMessage()).contains("sha256/aa/aa"),
          "the failure does not name the blob");
    }
  }
}
