package io.fettle.activities.capacity.ray;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.workflows.spec.Market;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One host as a RayJob of KubeRay: a cluster of a head without GPUs and one worker with them, and
 * the agent as the job's entrypoint on that worker.
 *
 * <p>Submitted by the operator over HTTP: the other mode has a third pod, whose eviction would end
 * a healthy host. No retries of KubeRay's: each would be a host that no acquisition paid for. A
 * lost head the operator makes again in either mode (its pod is made anew, or it is restarted), and
 * over HTTP it then submits the job again: the same host, which has lost what it held.
 */
final class RayJob {
  private static final String GROUP = "ray.io";
  private static final String VERSION = "v1";
  private static final String KIND = "RayJob";

  /** Named in full: else the client would ask the server for it before each call. */
  static final ResourceDefinitionContext DEFINITION =
      new ResourceDefinitionContext.Builder()
          .withGroup(GROUP)
          .withVersion(VERSION)
          .withKind(KIND)
          .withPlural("rayjobs")
          .withNamespaced(true)
          .build();

  static final String QUEUE = "kueue.x-k8s.io/queue-name";

  /** An agent that hangs and cannot end itself does not hold its GPUs for ever. */
  private static final Duration LONGEST = Duration.ofDays(14);

  /** Time for a collector of logs; the GPUs are paid until it is over. */
  private static final Duration LINGERS = Duration.ofSeconds(30);

  private static final String GPU = "nvidia.com/gpu";

  private final RayOptions options;
  private final RayOptions.Kubernetes kubernetes;
  private final Intent intent;
  private final int gpus;

  RayJob(RayOptions options, RayOptions.Kubernetes kubernetes, Intent intent) {
    this.options = options;
    this.kubernetes = kubernetes;
    this.intent = intent;
    this.gpus = RayOptions.gpus(intent.offer().shape()).orElse(0);
  }

  /**
   * Marks by which it is found are labels. The others are annotations, which take any text: a run's
   * name may be longer than a label.
   */
  GenericKubernetesResource resource() {
    var marks = Marks.of(options, intent);
    var labels = labels(marks);
    if (!kubernetes.queue().isEmpty()) {
      labels.put(QUEUE, kubernetes.queue());
    }
    var resource = new GenericKubernetesResource();
    resource.setApiVersion(GROUP + "/" + VERSION);
    resource.setKind(KIND);
    resource.setMetadata(
        new ObjectMetaBuilder()
            .withName(Marks.name(intent.token()))
            .withNamespace(kubernetes.namespace())
            .withLabels(labels)
            .withAnnotations(marks)
            .build());
    resource.setAdditionalProperty("spec", spec(marks));
    return resource;
  }

  private static Map<String, String> labels(Map<String, String> marks) {
    var labels = new LinkedHashMap<String, String>();
    for (var mark : List.of(Marks.OWNER, Marks.POOL, Marks.ACQUISITION)) {
      labels.put(mark, marks.getOrDefault(mark, ""));
    }
    return labels;
  }

  private Map<String, Object> spec(Map<String, String> marks) {
    var spec = new LinkedHashMap<String, Object>();
    spec.put("entrypoint", options.entrypoint());
    spec.put("jobId", Marks.name(intent.token()));
    spec.put("submissionMode", "HTTPMode");
    spec.put("backoffLimit", 0);
    spec.put("shutdownAfterJobFinishes", true); // Kueue asks for it too
    spec.put("ttlSecondsAfterFinished", LINGERS.toSeconds());
    spec.put("activeDeadlineSeconds", LONGEST.toSeconds());
    if (gpus > 0) {
      spec.put("entrypointNumGpus", gpus); // so that it starts where they are
    } else {
      spec.put("entrypointNumCpus", RayOptions.cores(intent.offer().shape()));
    }
    spec.put(
        "rayClusterSpec",
        Map.of("headGroupSpec", head(marks), "workerGroupSpecs", List.of(worker(marks))));
    return spec;
  }

  private Map<String, Object> head(Map<String, String> marks) {
    var container =
        container(
            "ray-head",
            kubernetes.headImage(),
            List.of(),
            Map.of("requests", Map.of("cpu", "1", "memory", "2Gi")));
    return Map.of(
        "rayStartParams",
        Map.of("dashboard-host", "0.0.0.0", "num-cpus", "0"), // nothing but the head runs there
        "template",
        template(marks, Map.of("restartPolicy", "Never"), container, headNodes()));
  }

  /** A head on spot would be one more way to lose the host. */
  private Map<String, String> headNodes() {
    return nodes(Market.ON_DEMAND);
  }

  private Map<String, String> nodes(Market market) {
    return kubernetes.nodes().getOrDefault(market, Map.of());
  }

  private Map<String, Object> worker(Map<String, String> marks) {
    var pod = new LinkedHashMap<String, Object>();
    pod.put("restartPolicy", "Never");
    pod.put("terminationGracePeriodSeconds", Math.max(1, intent.terms().stop().toSeconds()) + 10);
    pod.put(
        "volumes",
        List.of(
            Map.of("name", "home", "emptyDir", Map.of()),
            Map.of("name", "shm", "emptyDir", Map.of("medium", "Memory"))));
    if (!kubernetes.serviceAccount().isEmpty()) {
      pod.put("serviceAccountName", kubernetes.serviceAccount());
    }
    var group = new LinkedHashMap<String, Object>();
    group.put("groupName", "host");
    for (var replicas : List.of("replicas", "minReplicas", "maxReplicas")) {
      group.put(replicas, 1);
    }
    group.put("rayStartParams", gpus > 0 ? Map.of("num-gpus", String.valueOf(gpus)) : Map.of());
    group.put("template", template(marks, pod, agent(), workerNodes()));
    return group;
  }

  private Map<String, Object> agent() {
    var agent = container("ray-worker", kubernetes.image(), environment(), resources());
    if (!kubernetes.secret().isEmpty()) {
      agent.put("envFrom", List.of(Map.of("secretRef", Map.of("name", kubernetes.secret()))));
    }
    agent.put(
        "volumeMounts",
        List.of(
            Map.of("name", "home", "mountPath", "/var/lib/fettle"),
            Map.of("name", "shm", "mountPath", "/dev/shm")));
    return agent;
  }

  private Map<String, String> workerNodes() {
    var nodes = new LinkedHashMap<>(nodes(intent.offer().market()));
    var type = Marks.place(intent).type();
    if (gpus > 0 && options.isNamed(type)) {
      nodes.put(kubernetes.typeLabel(), type);
    }
    return nodes;
  }

  private static Map<String, Object> container(
      String name,
      String image,
      List<Map<String, String>> environment,
      Map<String, Object> resources) {
    var container = new LinkedHashMap<String, Object>();
    container.put("name", name);
    container.put("image", image);
    container.put("resources", resources);
    if (!environment.isEmpty()) {
      container.put("env", environment);
    }
    return container;
  }

  private List<Map<String, String>> environment() {
    return Marks.agent(options, intent).entrySet().stream()
        .map(entry -> Map.of("name", entry.getKey(), "value", entry.getValue()))
        .toList();
  }

  /** GPUs are asked for and limited to the same number: Kubernetes shares none. */
  private Map<String, Object> resources() {
    var requests = new LinkedHashMap<String, Object>();
    var limits = new LinkedHashMap<String, Object>();
    if (gpus > 0) {
      requests.put(GPU, String.valueOf(gpus));
      limits.put(GPU, String.valueOf(gpus));
      put(requests, "cpu", kubernetes.cpus());
    } else {
      put(requests, "cpu", String.valueOf(RayOptions.cores(intent.offer().shape())));
    }
    put(requests, "memory", kubernetes.memory());
    put(limits, "memory", kubernetes.memory());
    return Map.of("requests", requests, "limits", limits);
  }

  private static void put(Map<String, Object> quantities, String name, String quantity) {
    if (!quantity.isEmpty()) {
      quantities.put(name, quantity);
    }
  }

  /**
   * @param nodes labels that the pod's node has to have. Providers give spot nodes and nodes with
   *     GPUs a taint of the same key, which is tolerated
   */
  private static Map<String, Object> template(
      Map<String, String> marks,
      Map<String, Object> pod,
      Map<String, Object> container,
      Map<String, String> nodes) {
    var spec = new LinkedHashMap<>(pod);
    spec.put("containers", List.of(container));
    var taints = new ArrayList<>(nodes.keySet());
    taints.add(GPU);
    if (!nodes.isEmpty()) {
      spec.put("nodeSelector", nodes);
    }
    spec.put(
        "tolerations",
        taints.stream().map(key -> Map.of("key", key, "operator", "Exists")).toList());
    return Map.of("metadata", Map.of("labels", labels(marks)), "spec", spec);
  }
}
