package io.fettle.benchmarks.failures;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;

/**
 * {@code faulty:///folder}: the folder's own store behind this process's {@link Faults}, which lie
 * beside it.
 */
public final class FaultyStores implements Stores.Provider {
  private static final String SCHEME = "faulty";

  static URI address(Path folder) {
    return URI.create(SCHEME + "://" + folder.toAbsolutePath());
  }

  static Path faults(Path store) {
    return store.resolveSibling("faults");
  }

  @Override
  public String scheme() {
    return SCHEME;
  }

  @Override
  public ObjectStore open(URI root) throws IOException {
    var folder = Path.of(root.getPath());
    var faults = new Faults(faults(folder), ProcessHandle.current().pid());
    return new FaultyStore(Stores.open(folder.toUri()), faults);
  }
}
