package io.fettle.workers.settings;

import io.fettle.activities.catalogue.Catalogue;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.store.Stores;
import io.fettle.activities.temporal.TemporalOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What every worker has to know; the environment's {@code FETTLE_TEMPORAL_ADDRESS} is {@code
 * fettle.temporal.address}. The defaults are those of an image; the local supervisor names all
 * paths.
 *
 * @param root the checkout or image: {@code activities/programs/}
 * @param home {@code FETTLE_HOME}: {@code tools/}, {@code envs/}, {@code state/}
 * @param store the object store; a directory of {@code home} unless it is named
 * @param storeEndpoint of a server of one's own that speaks S3 or GCS; unless it is named, the
 *     cloud's
 * @param pools the operator's file of pools beside the local one; {@code pools.yaml} of {@code
 *     home} unless it is named. It need not be there
 * @param readyFile gets this process's number once the worker polls; a supervisor waits for it
 * @param torchIndex a package index with torch built for the CPU alone; unless it is named, torch
 *     is the locked one
 */
@ConfigurationProperties(prefix = "fettle", ignoreUnknownFields = false)
public record FettleSettings(
    @DefaultValue("/opt/fettle") Path root,
    @DefaultValue("/var/lib/fettle") Path home,
    @Nullable URI store,
    @Nullable URI storeEndpoint,
    @Nullable Path pools,
    @Nullable Path readyFile,
    @Nullable URI torchIndex,
    @DefaultValue Transfer transfer,
    @DefaultValue Temporal temporal) {

  /** What cannot be made again: {@code hosts/}, {@code pool/}, the default store. */
  public Path state() {
    return home.toAbsolutePath().resolve("state");
  }

  /** Where the operator's pools are named. */
  public Path poolsFile() {
    return pools != null ? pools : home.toAbsolutePath().resolve("pools.yaml");
  }

  /** The operator's machine types and prices; it need not be there. */
  public Path machinesFile() {
    return home.toAbsolutePath().resolve(Catalogue.FILE);
  }

  /** The store's root, resolved. */
  public URI storeRoot() {
    return store != null ? store : state().resolve("store").toUri();
  }

  /** How the store is reached. */
  public Stores.Access storeAccess() {
    return new Stores.Access(
        storeEndpoint == null
            ? Map.of()
            : Map.of(String.valueOf(storeRoot().getScheme()), storeEndpoint),
        new Stores.Transfer(transfer.streams, transfer.partBytes, transfer.bytesPerSecond));
  }

  /**
   * How much of the machine the store may take; names and meaning as in {@link Stores.Transfer}.
   */
  public record Transfer(
      @DefaultValue("8") int streams,
      @DefaultValue("8388608") int partBytes,
      @DefaultValue("0") long bytesPerSecond) {}

  /** Where the Python environments are made, and from what. */
  public Environments.Options environments() {
    return new Environments.Options(
        root.toAbsolutePath().resolve("activities/programs"),
        home.toAbsolutePath(),
        Optional.ofNullable(torchIndex));
  }

  /** The server; names and meaning as in {@link TemporalOptions}. */
  public record Temporal(
      @DefaultValue("127.0.0.1:7233") String address,
      @DefaultValue("fettle") String namespace,
      @DefaultValue("false") boolean tls,
      @Nullable Path tlsCert,
      @Nullable Path tlsKey,
      @Nullable Path tlsCa,
      @Nullable String apiKey) {

    public TemporalOptions options() {
      return new TemporalOptions(address, namespace, tls, tlsCert, tlsKey, tlsCa, apiKey);
    }

    @Override
    public String toString() {
      return options().toString(); // never the key
    }
  }
}
