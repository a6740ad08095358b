package io.fettle.benchmarks.failures;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import io.fettle.benchmarks.servers.ObjectServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Optional;

/**
 * {@code faulty:///folder}: a store behind this process's {@link Faults}, which lie beside the
 * folder. The store is the folder's own, or another one: {@code faulty:///folder?s3://bucket}.
 */
public final class FaultyStores implements Stores.Provider {
  private static final String SCHEME = "faulty";

  static URI address(Path folder, Optional<ObjectServer> server) {
    var inner = server.map(at -> "?" + at.bucket() + "/" + prefix(folder)).orElse("");
    return URI.create(SCHEME + "://" + folder.toAbsolutePath() + inner);
  }

  /** What its processes keep, past their faults. */
  static ObjectStore sound(Path folder, Optional<ObjectServer> server) throws IOException {
    return server.isPresent() ? server.get().open(prefix(folder)) : Stores.open(folder.toUri());
  }

  /** So that several homes share one server's bucket. */
  private static String prefix(Path folder) {
    return Stores.sha256(folder.toAbsolutePath().toString().getBytes(UTF_8)).substring(0, 12);
  }

  static Path faults(Path store) {
    return store.resolveSibling("faults");
  }

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public ObjectStore open(URI root, Access access) throws IOException {
    var folder = Path.of(root.getPath());
    var faults = new Faults(faults(folder), ProcessHandle.current().pid());
    var inner = root.getQuery() == null ? folder.toUri() : URI.create(root.getQuery());
    var endpoints = new HashMap<String, URI>();
    access.endpoint(SCHEME).ifPresent(endpoint -> endpoints.put(inner.getScheme(), endpoint));
    return new FaultyStore(Stores.open(inner, new Access(endpoints, access.transfer())), faults);
  }
}
