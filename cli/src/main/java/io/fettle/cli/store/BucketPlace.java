package io.fettle.cli.store;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.StoreAddress;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * One object of a bucket, or all whose names start with one and a slash.
 *
 * @param store the whole bucket
 * @param name without slashes at its ends; empty for all
 */
record BucketPlace(String address, ObjectStore store, String name) implements Place {

  static BucketPlace open(URI uri, Access access) {
    if (uri.getRawAuthority() == null) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "%s: names no bucket; use %s://bucket/name".formatted(uri, uri.getScheme()));
    }
    var bucket = URI.create("%s://%s/".formatted(uri.getScheme(), uri.getRawAuthority()));
    var name = uri.getPath().replaceAll("^/+|/+$", "");
    return new BucketPlace(uri.toString(), new StoreAddress(bucket, access).open(), name);
  }

  @Override
  public boolean isFolder() {
    return name.isEmpty() || address.endsWith("/");
  }

  @Override
  public List<Item> items() throws IOException {
    var below = name.isEmpty() ? "" : name + "/";
    return store.list(name).stream()
        .filter(each -> each.key().equals(name) || each.key().startsWith(below))
        .map(
            each ->
                new Item(
                    each.key().equals(name) ? "" : each.key().substring(below.length()),
                    each.bytes(),
                    each.modified()))
        .toList();
  }

  @Override
  public int hidden() {
    return 0; // no name of ours begins so, and what other programs wrote is not listed
  }

  private String key(String of) {
    return name.isEmpty() || of.isEmpty() ? name + of : name + "/" + of;
  }

  @Override
  public Optional<Path> file(String of) {
    return Optional.empty();
  }

  @Override
  public ObjectStore.Copied fetch(String of, Path target, LongConsumer arrived) throws IOException {
    return store.copy(key(of), target, arrived);
  }

  @Override
  public ObjectStore.Copied check(String of, String sha256) throws IOException {
    return store.check(key(of), sha256);
  }

  @Override
  public void put(String of, Path file, LongConsumer sent) throws IOException {
    store.upload(key(of), file, sent);
  }

  @Override
  public boolean takes(String of) {
    return Stores.isKey(key(of));
  }

  @Override
  public void close() throws IOException {
    store.close();
  }
}
