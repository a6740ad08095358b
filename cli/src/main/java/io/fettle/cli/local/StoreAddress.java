package io.fettle.cli.local;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import io.fettle.activities.store.Stores.Transfer;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.Optional;

/** Where the object store is and how it is reached; the workers read the same names. */
public record StoreAddress(URI root, Access access) {
  private static final String ROOT = "FETTLE_STORE";
  private static final String ENDPOINT = "FETTLE_STORE_ENDPOINT";
  private static final String TRANSFER = "FETTLE_TRANSFER_";

  /** What the environment says; a folder of the home where it says nothing. */
  static StoreAddress of(Home home, Map<String, String> environment) {
    var root = named(environment, ROOT).map(value -> address(ROOT, value)).orElseGet(home::store);
    return new StoreAddress(root, access(environment, root.getScheme()));
  }

  /** The endpoint is that of the store's own scheme: other clouds are where they always are. */
  private static Access access(Map<String, String> environment, String scheme) {
    try {
      return new Access(
          named(environment, ENDPOINT)
              .map(value -> Map.of(scheme, address(ENDPOINT, value)))
              .orElse(Map.of()),
          new Transfer(
              Math.toIntExact(number(environment, "STREAMS", Transfer.USUAL.streams())),
              Math.toIntExact(number(environment, "PART_BYTES", Transfer.USUAL.partBytes())),
              number(environment, "BYTES_PER_SECOND", Transfer.USUAL.bytesPerSecond())));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "%s; correct FETTLE_STORE_ENDPOINT or the FETTLE_TRANSFER_ variable"
              .formatted(e.getMessage()));
    }
  }

  private static Optional<String> named(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static URI address(String name, String value) {
    try {
      var address = URI.create(value);
      if (address.getScheme() != null) {
        return address;
      }
    } catch (IllegalArgumentException e) {
      // told below
    }
    throw new CommandFailure(
        ExitCode.INVALID,
        "%s is `%s`, which is no address; %s"
            .formatted(
                name,
                value,
                name.equals(ROOT)
                    ? "use file:///absolute/folder, s3://bucket/prefix or gs://bucket/prefix"
                    : "use https://host or http://host:port"));
  }

  private static long number(Map<String, String> environment, String name, long otherwise) {
    var value = named(environment, TRANSFER + name);
    try {
      return value.map(Long::parseLong).orElse(otherwise);
    } catch (NumberFormatException e) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "%s is `%s`; give a whole number".formatted(TRANSFER + name, value.orElseThrow()));
    }
  }

  /**
   * Opens it without touching it further; the caller closes it.
   *
   * @throws CommandFailure if nothing can be kept there
   */
  public ObjectStore open() {
    try {
      return Stores.open(root, access);
    } catch (IOException away) {
      throw away(away);
    }
  }

  /** That the store cannot be reached, as it says itself. */
  public CommandFailure away(IOException why) {
    return new CommandFailure(ExitCode.UNREACHABLE, String.valueOf(why.getMessage()), why);
  }
}
