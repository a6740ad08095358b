package io.fettle.cli.local;

import io.fettle.activities.store.ObjectStore;
import io.fettle.cli.local.endpoint.Endpoints;
import io.fettle.cli.local.endpoint.StoredRoutes;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the endpoints' addresses open, on a thread of its own: a slow store holds up nothing else.
 */
final class EndpointKeeper implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointKeeper.class);

  private final Home home;
  private final ObjectStore store;
  private final Endpoints endpoints;
  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();

  EndpointKeeper(Home home) throws IOException {
    this.home = home;
    this.store = StoreAddress.of(home, System.getenv()).open();
    var ports =
        JsonFile.read(home.endpointsFile(), EndpointPorts.class).orElseGet(EndpointPorts::new);
    this.endpoints = new Endpoints(new StoredRoutes(store), ports);
  }

  static Map<String, Integer> ports(Home home) {
    return JsonFile.read(home.endpointsFile(), EndpointPorts.class).orElseGet(EndpointPorts::new);
  }

  void start() {
    var _ = timer.scheduleWithFixedDelay(this::refresh, 0, 500, TimeUnit.MILLISECONDS);
  }

  private void refresh() {
    try {
      if (endpoints.refresh()) {
        JsonFile.write(home.endpointsFile(), endpoints.ports());
      }
    } catch (IOException e) {
      LOG.warn("cannot read the endpoints' aliases; trying again: {}", e.toString());
    }
  }

  @Override
  public void close() throws IOException {
    timer.shutdownNow();
    endpoints.close();
    store.close();
  }
}
