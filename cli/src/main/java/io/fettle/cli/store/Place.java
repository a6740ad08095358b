package io.fettle.cli.store;

import io.fettle.activities.store.ObjectStore.Copied;
import io.fettle.activities.store.Stores.Access;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * One file or object, or all below a name: on this machine or in a bucket. What goes wrong is a
 * {@link CommandFailure}.
 */
public sealed interface Place extends AutoCloseable permits LocalPlace, BucketPlace {
  /**
   * One of it.
   *
   * @param name relative to the place; empty where the place is this one
   */
  record Item(String name, long bytes, Instant modified) {}

  /**
   * @param address a path, {@code file:///path}, {@code s3://bucket/name} or {@code
   *     gs://bucket/name}; a slash at its end says that it is a folder
   */
  static Place of(String address, Access access) {
    var uri = uri(address);
    return switch (uri.map(URI::getScheme).orElse("file")) {
      case "file" -> new LocalPlace(uri.map(Path::of).orElseGet(() -> Path.of(address)), address);
      case "s3", "gs" -> BucketPlace.open(uri.orElseThrow(), access);
      default ->
          throw new CommandFailure(
              ExitCode.INVALID,
              "%s: not an address of a store; use a path, s3://bucket/name or gs://bucket/name"
                  .formatted(address));
    };
  }

  private static Optional<URI> uri(String address) {
    if (!address.matches("[a-z][a-z0-9+.-]*://.*|file:/.*")) {
      return Optional.empty();
    }
    try {
      return Optional.of(URI.create(address));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.INVALID, "%s: not an address (%s)".formatted(address, e.getMessage()), e);
    }
  }

  /** As it was written. */
  String address();

  /** Whether it can only be a folder: what is copied there keeps its name. */
  boolean isFolder();

  /** All of it, in the order of their names; empty if nothing is there. */
  List<Item> items() throws IOException;

  /** How many files {@link #items} leaves out, since their names begin with a dot. */
  int hidden() throws IOException;

  /** The file itself, where it is one of this machine. */
  Optional<Path> file(String name);

  /**
   * Copies one to a file.
   *
   * @param arrived hears bytes as they come, from several threads
   */
  Copied fetch(String name, Path target, LongConsumer arrived) throws IOException;

  /**
   * Reads one to its end and keeps nothing of it.
   *
   * @param sha256 that it must have; empty: what was noted with it counts
   */
  Copied check(String name, String sha256) throws IOException;

  /**
   * Creates or replaces one from a file.
   *
   * @param sent hears bytes as they go, from several threads
   */
  void put(String name, Path file, LongConsumer sent) throws IOException;

  /** Whether one of that name can be here. */
  boolean takes(String name);

  @Override
  void close() throws IOException;
}
