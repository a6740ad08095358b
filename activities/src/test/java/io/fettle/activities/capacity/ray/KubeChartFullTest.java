package io.fettle.activities.capacity.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Our chart on a real API server, which checks every field. Its pods are made by the real
 * controllers and put on nodes by the real scheduler; kwok says that they run.
 */
@Tag("full")
@Timeout(400)
class KubeChartFullTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static KubeCluster cluster;

  @BeforeAll
  static void startKubernetes() throws Exception {
    cluster = new KubeCluster(KubeParts.builtOrAborted(), "http://127.0.0.1:9");
  }

  @AfterAll
  static void stopKubernetes() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void static_agents_get_their_nodes_their_volumes_and_a_stable_name() throws Exception {
    cluster.namespace("lab", "restricted");
    cluster.install("lab", "lab", Map.of("agents[1].work.class", KubeCluster.STORAGE));

    ready("lab", "fettle-control", "fettle-lab-a100-80gb-x1", "fettle-lab-cpu");
    assertThat(pods("lab"))
        .extracting(pod -> pod.getMetadata().getName())
        .containsExactlyInAnyOrder(
            "fettle-control-0",
            "fettle-lab-a100-80gb-x1-0",
            "fettle-lab-a100-80gb-x1-1",
            "fettle-lab-cpu-0");
    assertThat(pods("lab"))
        .filteredOn(pod -> pod.getMetadata().getName().contains("a100"))
        .allMatch(pod -> pod.getSpec().getNodeName().equals("gpus"));
  }

  @Test
  void a_control_plane_that_makes_rayjobs_is_installed_twice_without_a_change() throws Exception {
    cluster.namespace("makes", "restricted");
    cluster.install("makes", "ray", Map.of());
    ready("makes", "fettle-control");
    var first = generation("makes");

    cluster.apply(cluster.parts().chart("makes", "ray", Map.of()), "makes");

    assertThat(generation("makes")).isEqualTo(first);
    assertThat(pods("makes")).hasSize(2);
  }

  @Test
  void what_is_wrong_in_a_chart_would_be_seen() throws Exception {
    cluster.namespace("wrong", "restricted");
    var rendered = cluster.parts().chart("wrong", "lab", Map.of());

    assertThatThrownBy(
            () -> cluster.apply(rendered.replace("serviceName:", "serviceNam:"), "wrong"))
        .hasMessageContaining("serviceNam");
    cluster.apply(rendered.replace("runAsNonRoot: true", "runAsNonRoot: false"), "wrong");
    RayHead.await(
        PATIENCE,
        () ->
            cluster.admin().v1().events().inNamespace("wrong").list().getItems().stream()
                .anyMatch(event -> event.getMessage().contains("violates PodSecurity")));
    assertThat(pods("wrong")).isEmpty();
  }

  private static void ready(String namespace, String... names) throws Exception {
    for (var name : names) {
      RayHead.await(PATIENCE, () -> isReady(set(namespace, name)));
    }
  }

  private static boolean isReady(StatefulSet set) {
    return set.getSpec().getReplicas().equals(set.getStatus().getReadyReplicas());
  }

  private static StatefulSet set(String namespace, String name) {
    return cluster.admin().apps().statefulSets().inNamespace(namespace).withName(name).get();
  }

  private static long generation(String namespace) {
    return set(namespace, "fettle-control").getMetadata().getGeneration();
  }

  private static List<Pod> pods(String namespace) {
    return cluster.admin().pods().inNamespace(namespace).list().getItems();
  }
}
