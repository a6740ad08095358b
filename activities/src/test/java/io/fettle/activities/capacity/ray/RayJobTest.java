package io.fettle.activities.capacity.ray;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RayJobTest {
  private static final Map<String, String> TEXTS =
      Map.of(
          "namespace", "ml",
          "image", "agent:1",
          "head_image", "ray:1",
          "queue", "gpus",
          "service_account", "fettle-agent",
          "secret", "fettle",
          "cpu", "8",
          "memory", "64Gi",
          "spot_nodes", "karpenter.sh/capacity-type=spot",
          "on_demand_nodes", "karpenter.sh/capacity-type=on-demand");

  static RayOptions options(Map<String, String> texts, Map<String, List<String>> types) {
    var pool =
        new PoolSettings(
            "pool",
            "ray",
            texts,
            Map.of(),
            Set.of(Market.SPOT, Market.ON_DEMAND),
            types,
            Map.of(),
            PoolSettings.JOIN);
    return RayOptions.of(pool, "me", Map.of("FETTLE_STORE", "s3://b"));
  }

  static RayJob job(RayOptions options, String token, String shape, String type, Market market) {
    return new RayJob(
        options, (RayOptions.Kubernetes) options.where(), Intents.of(token, shape, type, market));
  }

  private static JsonNode json(RayJob job) {
    try {
      return JsonMapper.builder().build().readTree(Serialization.asJson(job.resource()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode whole() {
    var options = options(TEXTS, Map.of(Intents.SHAPE, List.of("NVIDIA-A10G")));
    return json(job(options, "t-1", Intents.SHAPE, "NVIDIA-A10G", Market.SPOT));
  }

  @Test
  void a_job_is_one_try_that_ends_with_all_that_it_had() {
    var spec = whole().path("spec");

    assertThat(whole().at("/metadata/name").asText()).isEqualTo("fettle-t-1");
    assertThat(spec.path("jobId").asText()).isEqualTo("fettle-t-1");
    assertThat(spec.path("backoffLimit").asInt(-1)).isZero();
    assertThat(spec.path("shutdownAfterJobFinishes").asBoolean()).isTrue();
    assertThat(spec.path("submissionMode").asText()).isEqualTo("HTTPMode");
    assertThat(spec.path("entrypointNumGpus").asInt()).isEqualTo(1);
    assertThat(spec.at("/rayClusterSpec/headGroupSpec/template/spec/restartPolicy").asText())
        .isEqualTo("Never");
  }

  @Test
  void it_carries_its_marks_and_its_queue() {
    var metadata = whole().path("metadata");

    assertThat(metadata.at("/labels/fettle-owner").asText()).isEqualTo("me");
    assertThat(metadata.at("/labels/fettle-acquisition").asText()).isEqualTo("t-1");
    assertThat(metadata.at("/labels/kueue.x-k8s.io~1queue-name").asText()).isEqualTo("gpus");
    assertThat(metadata.at("/annotations/fettle-run").asText()).isEqualTo("run-1");
    assertThat(metadata.at("/annotations/fettle-expiry").asText()).isEqualTo("PT15M");
  }

  @Test
  void the_worker_has_the_gpus_on_spot_and_the_head_has_none_on_demand() {
    var cluster = whole().at("/spec/rayClusterSpec");
    var worker = cluster.at("/workerGroupSpecs/0/template/spec");
    var head = cluster.at("/headGroupSpec/template/spec");

    assertThat(worker.at("/containers/0/resources/limits/nvidia.com~1gpu").asText()).isEqualTo("1");
    assertThat(worker.at("/nodeSelector/karpenter.sh~1capacity-type").asText()).isEqualTo("spot");
    assertThat(worker.at("/nodeSelector/nvidia.com~1gpu.product").asText())
        .isEqualTo("NVIDIA-A10G");
    assertThat(worker.path("tolerations").findValuesAsText("key"))
        .contains("nvidia.com/gpu", "karpenter.sh/capacity-type");
    assertThat(worker.path("serviceAccountName").asText()).isEqualTo("fettle-agent");
    assertThat(worker.at("/containers/0/image").asText()).isEqualTo("agent:1");
    assertThat(head.at("/nodeSelector/karpenter.sh~1capacity-type").asText())
        .isEqualTo("on-demand");
    assertThat(head.at("/containers/0/image").asText()).isEqualTo("ray:1");
    assertThat(head.at("/containers/0/resources").toString()).doesNotContain("gpu");
  }

  @Test
  void secrets_come_by_reference_and_only_to_the_agent() {
    var cluster = whole().at("/spec/rayClusterSpec");
    var worker = cluster.at("/workerGroupSpecs/0/template/spec/containers/0");

    assertThat(worker.at("/envFrom/0/secretRef/name").asText()).isEqualTo("fettle");
    assertThat(worker.path("env").findValuesAsText("name"))
        .contains("AGENT_TOKEN", "AGENT_HOST", "FETTLE_STORE");
    assertThat(cluster.path("headGroupSpec").toString()).doesNotContain("secretRef");
  }

  @Test
  void the_agent_knows_that_it_has_but_a_part_of_its_node() {
    var agent = whole().at("/spec/rayClusterSpec/workerGroupSpecs/0/template/spec/containers/0");

    assertThat(agent.path("env"))
        .filteredOn(each -> each.path("name").asText().equals("AGENT_SHARED"))
        .extracting(each -> each.path("value").asText())
        .containsExactly("true");
  }

  @Test
  void a_pool_with_no_more_than_a_namespace_and_an_image_asks_for_any_gpu() {
    var options = options(Map.of("namespace", "ml", "image", "agent:1"), Map.of());
    var cloud =
        new RayJobCloud(options, (RayOptions.Kubernetes) options.where(), InstantSource.system());
    var offers = cloud.offers("a100-80gb-x8");

    assertThat(offers).as("nothing says which nodes are spot").hasSize(1);
    assertThat(offers.getFirst().market()).isEqualTo(Market.ON_DEMAND);
    assertThat(offers.getFirst().places()).containsExactly(new Place("a100-80gb-x8", "ml", -1));
    var job = json(job(options, "t", "a100-80gb-x8", "a100-80gb-x8", Market.ON_DEMAND));
    var worker = job.at("/spec/rayClusterSpec/workerGroupSpecs/0/template/spec");
    assertThat(worker.at("/containers/0/resources/limits/nvidia.com~1gpu").asText()).isEqualTo("8");
    assertThat(worker.has("nodeSelector")).isFalse();
    assertThat(job.at("/metadata/labels").has(RayJob.QUEUE)).isFalse();
  }

  @Test
  void a_host_without_gpus_asks_for_cores() {
    var options = options(Map.of("namespace", "ml", "image", "agent:1"), Map.of());
    var job = json(job(options, "t", "cpu-4", "cpu-4", Market.ON_DEMAND));

    assertThat(job.at("/spec/entrypointNumCpus").asInt()).isEqualTo(4);
    assertThat(job.at("/spec").has("entrypointNumGpus")).isFalse();
    assertThat(
            job.at(
                    "/spec/rayClusterSpec/workerGroupSpecs/0/template/spec/containers/0/resources/requests/cpu")
                .asText())
        .isEqualTo("4");
  }

  @Test
  void a_host_without_gpus_is_not_looked_for_by_the_name_of_a_gpu() {
    var options =
        options(Map.of("namespace", "ml", "image", "agent:1"), Map.of("cpu-4", List.of("cpu")));
    var job = json(job(options, "t", "cpu-4", "cpu", Market.ON_DEMAND));
    var worker = job.at("/spec/rayClusterSpec/workerGroupSpecs/0/template/spec");

    assertThat(worker.has("containers")).isTrue();
    assertThat(worker.has("nodeSelector")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', PENDING",
    "'', Initializing, PENDING",
    "'', Suspended, PENDING",
    "'', Suspending, PENDING",
    "'', Running, PENDING",
    "PENDING, Running, PENDING",
    "RUNNING, Running, RUNNING",
    "FAILED, Running, TERMINATED",
    "STOPPED, Complete, TERMINATED",
    "SUCCEEDED, Complete, TERMINATED",
    "RUNNING, Failed, TERMINATED",
    "'', Failed, TERMINATED",
    "DREAMING, Running, UNKNOWN",
    "RUNNING, Sleeping, UNKNOWN"
  })
  void the_two_words_of_the_operator_give_one_state(
      String job, String deployment, HostState state) {
    Map<String, Object> status = Map.of("jobStatus", job, "jobDeploymentStatus", deployment);

    assertThat(RayJobState.of(status, false).state()).isEqualTo(state);
    assertThat(RayJobState.of(status, true).state())
        .as("its pods may run on")
        .isEqualTo(HostState.UNKNOWN);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          403 | rayjobs.ray.io "x" is forbidden: exceeded quota: jobs, requested: count/rayjobs.ray.io=1 | QUOTA
          403 | rayjobs.ray.io is forbidden: User "x" cannot create resource "rayjobs" | PERMISSION
          401 | Unauthorized | PERMISSION
          403 | admission webhook "vrayjob.kb.io" denied the request: spec.shutdownAfterJobFinishes | TEMPLATE
          403 | unable to create new content in namespace ml because it is being terminated | TEMPLATE
          404 | namespaces "ml" not found | TEMPLATE
          404 | the server could not find the requested resource | TEMPLATE
          400 | strict decoding error: unknown field "spec.x" | TEMPLATE
          422 | spec.backoffLimit: Invalid value: "string" | TEMPLATE
          429 | the server has received too many requests | THROTTLE
          418 | a teapot | UNKNOWN
          409 | Operation cannot be fulfilled on resourcequotas "jobs" |
          500 | Internal error occurred: failed calling webhook |
          503 | the server is currently unable to handle the request |
          0 | connection refused |
          """)
  void what_an_api_server_says_has_a_class(int code, String message, String kind) {
    assertThat(ClusterFamily.of(code, message).map(Enum::name))
        .isEqualTo(Optional.ofNullable(kind));
  }
}
