package io.fettle.activities.temporal;

import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.temporal.serviceclient.SimpleSslContextBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** TLS from PEM files. */
final class Tls {
  private Tls() {}

  static SslContext context(TemporalOptions options) throws TemporalAway {
    try {
      var builder = builder(options.certificate(), options.key());
      var authority = options.authority();
      if (authority != null) {
        builder.setTrustManager(trusting(authority));
      }
      return builder.build();
    } catch (IOException | GeneralSecurityException | IllegalArgumentException e) {
      throw new TemporalAway(
          "cannot use the TLS files for %s: %s; give PEM files, the key in PKCS8"
              .formatted(options.address(), e),
          e);
    }
  }

  private static SimpleSslContextBuilder builder(@Nullable Path certificate, @Nullable Path key)
      throws IOException {
    if (certificate == null || key == null) {
      return SimpleSslContextBuilder.noKeyOrCertChain();
    }
    return SimpleSslContextBuilder.forPKCS8(
        new ByteArrayInputStream(Files.readAllBytes(certificate)),
        new ByteArrayInputStream(Files.readAllBytes(key)));
  }

  private static TrustManager trusting(Path authority)
      throws IOException, GeneralSecurityException {
    var store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    try (var in = Files.newInputStream(authority)) {
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        store.setCertificateEntry("ca-" + store.size(), certificate);
      }
    }
    var factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers()[0];
  }
}
