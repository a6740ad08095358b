package io.fettle.cli.local.endpoint;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All endpoints' addresses. A port once given stays, over restarts too, as clients have it. */
public final class Endpoints implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Endpoints.class);

  /** The first endpoint's port, if it is free. */
  private static final int FIRST_PORT = 8100;

  private final Routes routes;
  private final Map<String, Integer> ports;
  private final Map<String, PassThrough> open = new TreeMap<>();

  public Endpoints(Routes routes, Map<String, Integer> ports) {
    this.routes = routes;
    this.ports = new TreeMap<>(ports);
  }

  /**
   * Opens an address for each endpoint that has none.
   *
   * @return whether a port was given to a new one
   */
  public boolean refresh() throws IOException {
    var before = Map.copyOf(ports);
    for (var endpoint : routes.endpoints()) {
      if (!open.containsKey(endpoint)) {
        open(endpoint);
      }
    }
    return !before.equals(ports);
  }

  private void open(String endpoint) {
    var known = ports.get(endpoint);
    try {
      var opened = known == null ? openNew(endpoint) : PassThrough.open(endpoint, known, routes);
      ports.put(endpoint, opened.port());
      open.put(endpoint, opened);
    } catch (IOException e) {
      LOG.warn("endpoint {}: port {} is busy; trying again", endpoint, known);
    }
  }

  private PassThrough openNew(String endpoint) throws IOException {
    for (int port = FIRST_PORT; port < FIRST_PORT + 20; port++) {
      try {
        if (!ports.containsValue(port)) {
          return PassThrough.open(endpoint, port, routes);
        }
      } catch (IOException e) {
        LOG.debug("port {} is busy", port);
      }
    }
    return PassThrough.open(endpoint, 0, routes);
  }

  /** Port by endpoint. */
  public Map<String, Integer> ports() {
    return Map.copyOf(ports);
  }

  @Override
  public void close() {
    open.values().forEach(PassThrough::close);
  }
}
