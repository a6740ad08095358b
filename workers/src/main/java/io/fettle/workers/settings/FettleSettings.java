package io.fettle.workers.settings;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.temporal.TemporalOptions;
import java.net.URI;
import java.nio.file.Path;
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
 * @param readyFile gets this process's number once the worker polls; a supervisor waits for it
 * @param torchIndex a package index with torch built for the CPU alone; unless it is named, torch
 *     is the locked one
 */
@ConfigurationProperties(prefix = "fettle", ignoreUnknownFields = false)
public record FettleSettings(
    @DefaultValue("/opt/fettle") Path root,
    @DefaultValue("/var/lib/fettle") Path home,
    @Nullable URI store,
    @Nullable Path readyFile,
    @Nullable URI torchIndex,
    @DefaultValue Temporal temporal) {

  /** What cannot be made again: {@code hosts/}, {@code pool/}, the default store. */
  public Path state() {
    return home.toAbsolutePath().resolve("state");
  }

  /** The store's root, resolved. */
  public URI storeRoot() {
    return store != null ? store : state().resolve("store").toUri();
  }

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
