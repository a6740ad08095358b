package io.fettle.cli.local.endpoint;

import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.serving.Alias;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** The routes that the store's alias versions give: {@code endpoints/{name}/{version:06}.json}. */
public final class StoredRoutes implements Routes {
  private static final String PREFIX = "endpoints/";

  private final ObjectStore store;

  public StoredRoutes(ObjectStore store) {
    this.store = store;
  }

  @Override
  public SortedSet<String> endpoints() throws IOException {
    var names = new TreeSet<String>();
    for (var object : store.list(PREFIX)) {
      var rest = object.key().substring(PREFIX.length());
      names.add(rest.substring(0, rest.indexOf('/')));
    }
    return names;
  }

  @Override
  public Optional<Alias> newest(String endpoint) throws IOException {
    var newest =
        store.list(PREFIX + endpoint + "/").stream()
            .map(object -> object.key())
            .max(Comparator.naturalOrder());
    if (newest.isEmpty()) {
      return Optional.empty();
    }
    var body = store.find(newest.get());
    return body.isEmpty()
        ? Optional.empty()
        : Optional.of(Wire.mapper().readValue(body.get(), Alias.class));
  }
}
