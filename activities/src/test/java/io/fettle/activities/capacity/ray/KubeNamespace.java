package io.fettle.activities.capacity.ray;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.activities.capacity.setup.PoolSettings.Price;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A namespace that our chart is installed in, as its administrator sees it. */
record KubeNamespace(KubeCluster cluster, String name) {
  static final Duration PATIENCE = Duration.ofSeconds(90);

  /** The token of the chart's control worker. */
  String control() {
    return cluster.token(name, "fettle-control");
  }

  /** By a user's kubeconfig, as on a machine outside the cluster. */
  RayJobCloud cloud(String owner, String as, InstantSource clock, Map<String, String> more)
      throws IOException {
    var texts = new HashMap<String, String>();
    texts.put("namespace", name);
    texts.put("image", "agent:1");
    texts.put("entrypoint", "exec sleep 3600");
    texts.put("spot_nodes", KubeCluster.SPOT + "=spot");
    texts.put("on_demand_nodes", KubeCluster.SPOT + "=on-demand");
    texts.putAll(more);
    var types = Map.of(Intents.SHAPE, List.of("NVIDIA-A10G"));
    var prices = Map.of("NVIDIA-A10G", new Price(0.45, 1.01));
    var settings =
        new PoolSettings(
            "pool", "ray", texts, Map.of(), Set.of(Market.SPOT), types, prices, PoolSettings.JOIN);
    var options = RayOptions.of(settings, owner, Map.of("FETTLE_STORE", "s3://b"));
    System.setProperty("kubeconfig", cluster.kubeconfig(as).toString());
    try {
      return new RayJobCloud(options, (RayOptions.Kubernetes) options.where(), clock);
    } finally {
      System.clearProperty("kubeconfig");
    }
  }

  NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      jobs() {
    return cluster.admin().genericKubernetesResources(RayJob.DEFINITION).inNamespace(name);
  }

  List<GenericKubernetesResource> rayClusters() {
    return cluster
        .admin()
        .genericKubernetesResources(RayClusters.DEFINITION)
        .inNamespace(name)
        .list()
        .getItems();
  }

  /** Those that the operator has made. */
  List<Pod> pods() {
    return cluster.admin().pods().inNamespace(name).withLabel("ray.io/cluster").list().getItems();
  }

  void awaitNoHost() throws Exception {
    RayHead.await(PATIENCE, () -> jobs().list().getItems().isEmpty());
    RayHead.await(PATIENCE, () -> rayClusters().isEmpty() && pods().isEmpty());
  }

  /** As Kueue does it. */
  void suspend(String token, boolean isSuspended) {
    jobs()
        .withName("fettle-" + token)
        .patch(
            PatchContext.of(PatchType.JSON_MERGE),
            "{\"spec\":{\"suspend\":%s}}".formatted(isSuspended));
  }

  void quota(String of, String hard) throws Exception {
    var quota =
        new ResourceQuotaBuilder()
            .withNewMetadata()
            .withName("few")
            .withNamespace(name)
            .endMetadata()
            .withNewSpec()
            .addToHard(of, new Quantity(hard))
            .endSpec()
            .build();
    cluster.admin().resource(quota).create();
    RayHead.await(
        PATIENCE,
        () ->
            cluster.admin().resource(quota).get().getStatus() != null
                && cluster.admin().resource(quota).get().getStatus().getHard() != null);
  }
}
