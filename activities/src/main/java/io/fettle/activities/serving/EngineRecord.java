package io.fettle.activities.serving;

import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a started engine, kept in its folder so that any process can adopt it.
 *
 * @param owners the runs that use it and {@code endpoint:{name}} of those that serve it; it is
 *     stopped when the last has left
 */
record EngineRecord(String key, int port, String engine, String modelName, List<String> owners) {
  static final String ENDPOINT = "endpoint:";

  EngineRecord(
      String key, int port, String engine, String modelName, @Nullable List<String> owners) {
    this.key = key;
    this.port = port;
    this.engine = engine;
    this.modelName = modelName;
    this.owners = owners == null ? List.of() : List.copyOf(owners);
  }

  /** Nobody asks one that the last owner has left: it is on its way out. */
  boolean isLeft() {
    return owners.isEmpty();
  }

  EngineRecord with(String owner) {
    var more = new TreeSet<>(owners);
    more.add(owner);
    return ownedBy(List.copyOf(more));
  }

  EngineRecord without(String owner) {
    return ownedBy(owners.stream().filter(other -> !other.equals(owner)).toList());
  }

  EngineRecord ownedBy(List<String> others) {
    return new EngineRecord(key, port, engine, modelName, others);
  }
}
