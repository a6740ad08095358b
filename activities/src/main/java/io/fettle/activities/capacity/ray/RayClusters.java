package io.fettle.activities.capacity.ray;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The clusters that KubeRay makes for RayJobs, and their pods. The operator gives a cluster its
 * job's labels and annotations, and the pods get ours by their templates.
 */
record RayClusters(KubernetesClient client, String namespace) {
  static final ResourceDefinitionContext DEFINITION =
      new ResourceDefinitionContext.Builder()
          .withGroup("ray.io")
          .withVersion("v1")
          .withKind("RayCluster")
          .withPlural("rayclusters")
          .withNamespaced(true)
          .build();

  private NonNamespaceOperation<
          GenericKubernetesResource,
          GenericKubernetesResourceList,
          Resource<GenericKubernetesResource>>
      clusters() {
    return client.genericKubernetesResources(DEFINITION).inNamespace(namespace);
  }

  List<GenericKubernetesResource> marked(Map<String, String> labels) {
    return clusters().withLabels(labels).list().getItems();
  }

  /** Their pods go with them, whether or not the operator is there to see to it. */
  void delete(Map<String, String> labels) {
    for (var cluster : marked(labels)) {
      clusters()
          .withName(cluster.getMetadata().getName())
          .withPropagationPolicy(DeletionPropagation.BACKGROUND)
          .delete();
    }
  }

  /**
   * Why a host is not there yet, which its RayJob never says: pods that may not be made, in the
   * cluster's conditions; no node with room, or no image, in the pods'.
   *
   * @return empty: nothing is known to be in its way
   */
  String whyItWaits(Map<String, String> labels) {
    var refused = marked(labels).stream().flatMap(RayClusters::refusedPods);
    var waiting =
        client.pods().inNamespace(namespace).withLabels(labels).list().getItems().stream()
            .flatMap(pod -> Stream.concat(unscheduled(pod), withoutContainer(pod)));
    return Stream.concat(refused, waiting).findFirst().orElse("");
  }

  private static Stream<String> refusedPods(GenericKubernetesResource cluster) {
    return cluster.getAdditionalProperties().get("status") instanceof Map<?, ?> status
            && status.get("conditions") instanceof List<?> conditions
        ? conditions.stream().flatMap(RayClusters::failure)
        : Stream.of();
  }

  private static Stream<String> failure(Object condition) {
    return condition instanceof Map<?, ?> told
            && "ReplicaFailure".equals(told.get("type"))
            && "True".equals(told.get("status"))
        ? Stream.of(String.valueOf(told.get("message")))
        : Stream.of();
  }

  private static Stream<String> unscheduled(Pod pod) {
    return Stream.ofNullable(pod.getStatus())
        .flatMap(status -> status.getConditions().stream())
        .filter(told -> told.getType().equals("PodScheduled") && told.getStatus().equals("False"))
        .map(told -> Objects.requireNonNullElse(told.getMessage(), ""));
  }

  /** Words as "ErrImagePull"; one that only starts has no message. */
  private static Stream<String> withoutContainer(Pod pod) {
    return Stream.ofNullable(pod.getStatus())
        .flatMap(
            status ->
                Stream.concat(
                    status.getInitContainerStatuses().stream(),
                    status.getContainerStatuses().stream()))
        .flatMap(container -> Optional.ofNullable(container.getState()).stream())
        .flatMap(state -> Optional.ofNullable(state.getWaiting()).stream())
        .filter(waiting -> waiting.getMessage() != null)
        .map(waiting -> waiting.getReason() + ": " + waiting.getMessage());
  }
}
