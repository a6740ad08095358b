package io.fettle.activities.capacity.elastic;

import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Who says that it is a host of a pool: {@code capacity/agents/{pool}/{host}.alive}. */
final class Registry {
  private final ObjectStore store;
  private final String folder;

  Registry(ObjectStore store, String pool) {
    this.store = store;
    this.folder = "capacity/agents/" + pool + "/";
  }

  /** An agent by its own word. */
  record Agent(String host, String boot, String shape) {}

  void put(Agent agent) throws IOException {
    store.put(key(agent.host()), Wire.mapper().writeValueAsBytes(agent));
  }

  void remove(String host) throws IOException {
    store.delete(key(host));
  }

  Optional<Agent> agent(String host) throws IOException {
    var found = store.find(key(host));
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(Wire.mapper().readValue(found.get(), Agent.class));
  }

  List<Agent> agents() throws IOException {
    var agents = new ArrayList<Agent>();
    for (var object : store.list(folder)) {
      var name = object.key().substring(folder.length()).replaceFirst("\\.alive$", "");
      agent(name).ifPresent(agents::add);
    }
    return agents;
  }

  private String key(String host) {
    return folder + host + ".alive";
  }
}
