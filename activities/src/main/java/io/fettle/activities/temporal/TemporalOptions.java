package io.fettle.activities.temporal;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the Temporal server is and how to prove who we are.
 *
 * @param address {@code host:port} of the frontend's gRPC service
 * @param tls encrypt; a certificate or an API key switches it on by itself
 * @param certificate PEM certificate chain for mTLS, with {@code key}
 * @param key PEM private key (PKCS8)
 * @param authority PEM certificates to trust instead of the system's
 * @param apiKey sent as a bearer token; never logged, never shown
 */
public record TemporalOptions(
    String address,
    String namespace,
    boolean tls,
    @Nullable Path certificate,
    @Nullable Path key,
    @Nullable Path authority,
    @Nullable String apiKey) {

  public TemporalOptions {
    if ((certificate == null) != (key == null)) {
      throw new IllegalArgumentException(
          "mTLS needs both files; certificate is %s, key is %s".formatted(certificate, key));
    }
    tls = tls || certificate != null || authority != null || apiKey != null;
  }

  /** A server on this machine, in plain text. */
  public static TemporalOptions plain(String address, String namespace) {
    return new TemporalOptions(address, namespace, false, null, null, null, null);
  }

  /** The same server by another address. */
  public TemporalOptions at(String otherAddress) {
    return new TemporalOptions(otherAddress, namespace, tls, certificate, key, authority, apiKey);
  }

  @Override
  public String toString() {
    var proof = apiKey != null ? "API key" : certificate != null ? "mTLS" : tls ? "TLS" : "plain";
    return "%s, namespace %s, %s".formatted(address, namespace, proof);
  }
}
