package io.fettle.benchmarks.capacity.gcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.activities.capacity.elastic.ElasticPool.Patience;
import io.fettle.activities.capacity.gcp.GceCloud;
import io.fettle.activities.capacity.gcp.GceOptions;
import io.fettle.activities.store.ObjectStore;
import io.fettle.benchmarks.capacity.gcp.GceProject.Times;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A project of three zones with its server, seen by the product's own parts. */
final class Gce implements AutoCloseable, InstantSource {
  static final String SHAPE = "l4-24gb-x1";
  static final String TYPE = "g2-standard-8";
  static final List<String> ZONES = List.of("z-a", "z-b", "z-c");

  private static final String TEMPLATE =
      """
      {"machineType": "n1-standard-1", "labels": {"team": "ml"},
       "metadata": {"items": [{"key": "startup-script", "value": "#!/bin/sh"}, {"key": "fettle-run", "value": "nobody"}]},
       "scheduling": {"provisioningModel": "SPOT", "preemptible": true, "automaticRestart": true,
         "instanceTerminationAction": "DELETE", "maxRunDuration": {"seconds": "604800"}},
       "networkInterfaces": [{"network": "global/networks/default", "nicType": "GVNIC"}]}""";

  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  final DocumentedGce server;
  Runs.State said = Runs.State.OPEN;

  Gce(Times times) throws IOException {
    server = new DocumentedGce(ZONES, this, times);
    server.keepTemplate("fettle", (ObjectNode) new ObjectMapper().readTree(TEMPLATE));
  }

  @Override
  public synchronized Instant instant() {
    return now;
  }

  synchronized void pass(Duration time) {
    now = now.plus(time);
  }

  Cloud cloud() {
    return cloud("me", "fettle");
  }

  Cloud cloud(String owner, String template) {
    var zones = new LinkedHashMap<String, String>();
    ZONES.forEach(zone -> zones.put(zone, ""));
    zones.put("z-c", "regions/z/subnetworks/gpus");
    return new GceCloud(
        new GceOptions(
            "gcp",
            owner,
            "p",
            Optional.of(server.address()),
            template,
            zones,
            List.of(Market.SPOT, Market.ON_DEMAND),
            Map.of(SHAPE, List.of(TYPE)),
            Map.of(TYPE, Map.of(Market.SPOT, 0.3)),
            Duration.ofSeconds(2)));
  }

  ElasticPool pool(Cloud cloud, String owner, ObjectStore store, Crash crash) {
    return new ElasticPool(cloud, owner, store, Patience.USUAL, this, crash);
  }

  static Offer offer(Cloud cloud, Market market, String zone) throws IOException {
    return cloud.offers(SHAPE).stream()
        .filter(offer -> offer.market() == market && offer.places().getFirst().zone().equals(zone))
        .findFirst()
        .orElseThrow();
  }

  static Intent intent(Cloud cloud, Market market, String zone, String run, String token)
      throws IOException {
    return new Intent(token, "me", by(run), offer(cloud, market, zone), CapacityTerms.NONE);
  }

  static AcquireRequest request(Cloud cloud, String zone, String run, String token)
      throws IOException {
    return new AcquireRequest(run, offer(cloud, Market.SPOT, zone), token, CapacityTerms.NONE);
  }

  static Execution by(String run) {
    return new Execution("team", run, "execution-of-" + run);
  }

  /** The server's word, the same of every run. */
  Runs runs() {
    return new Runs() {
      @Override
      public String namespace() {
        return "team";
      }

      @Override
      public State state(Execution execution) {
        return said;
      }
    };
  }

  /** That carry the owner's mark, whatever they do. */
  List<ObjectNode> machines(String owner) {
    return server.machines().stream()
        .filter(machine -> machine.path("labels").path("fettle-owner").asText().equals(owner))
        .toList();
  }

  @Override
  public void close() {
    server.close();
  }
}
