package io.fettle.cli.command;

import io.fettle.activities.store.Stores.Access;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.cli.local.StoreAddress;
import io.fettle.cli.store.Place;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command of {@code fettle store} reaches what it was told; mixed into each. */
final class StoreAccess {
  @Option(
      names = "--endpoint",
      paramLabel = "SCHEME=URL",
      description =
          "A server that is not the cloud's own, as in s3=http://127.0.0.1:9000 (default: FETTLE_STORE_ENDPOINT, for the runs' store).")
  private Map<String, URI> endpoints = Map.of();

  interface Use<T> {
    T with(Place place) throws IOException;
  }

  Access access() {
    var usual = configured().access();
    var all = new HashMap<>(usual.endpoints());
    all.putAll(endpoints);
    try {
      return new Access(all, usual.transfer());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(ExitCode.INVALID, "--endpoint: " + e.getMessage(), e);
    }
  }

  /** The run's store where nothing else is said. */
  String address(@Nullable String said) {
    return said == null ? configured().root().toString() : said;
  }

  static StoreAddress configured() {
    return LocalCluster.current(Progress.silent()).store();
  }

  <T> T in(String address, Use<T> use) {
    try (var place = Place.of(address, access())) {
      return use.with(place);
    } catch (IOException failed) {
      throw failure(failed);
    }
  }

  /** The store's own sentence. */
  static CommandFailure failure(IOException failed) {
    return new CommandFailure(ExitCode.UNREACHABLE, String.valueOf(failed.getMessage()), failed);
  }
}
