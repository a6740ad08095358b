package io.fettle.activities.capacity.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against fabric8's server, which keeps resources and checks nothing. */
class RayJobCloudTest {
  private static final Instant NOW = Instant.parse("2026-01-02T00:00:00Z");
  private static final String JOBS = "/apis/ray.io/v1/namespaces/ml/rayjobs";

  private static final CustomResourceDefinitionContext RAYJOB =
      new CustomResourceDefinitionContext.Builder()
          .withGroup("ray.io")
          .withVersion("v1")
          .withKind("RayJob")
          .withPlural("rayjobs")
          .withScope("Namespaced")
          .build();

  private final RayOptions options =
      RayJobTest.options(Map.of("namespace", "ml", "image", "agent:1"), Map.of());
  private KubernetesMockServer server;
  private KubernetesClient client;

  @BeforeEach
  void start() {
    Map<ServerRequest, Queue<ServerResponse>> answers = new HashMap<>();
    server =
        new KubernetesMockServer(
            new Context(),
            new MockWebServer(),
            answers,
            new KubernetesMixedDispatcher(answers, List.of(RAYJOB)),
            false);
    server.init();
    var config =
        RayJobCloud.patient(new ConfigBuilder(server.createClient().getConfiguration())).build();
    client = new KubernetesClientBuilder().withConfig(config).build();
  }

  @AfterEach
  void stop() {
    client.close();
    server.destroy();
  }

  private RayJobCloud cloud(RayOptions of) {
    return new RayJobCloud(of, (RayOptions.Kubernetes) of.where(), () -> NOW, client);
  }

  private Machine launch(String token) throws IOException {
    var cloud = cloud(options);
    return cloud.launch(Intents.of(token, cloud.offers(Intents.SHAPE).getFirst()));
  }

  @Test
  void a_host_is_one_rayjob_that_is_found_by_its_token() throws IOException {
    var machine = launch("t-1");
    launch("t-2");

    assertThat(machine)
        .returns("fettle-t-1", Machine::id)
        .returns("t-1", Machine::token)
        .returns("run-1", Machine::run)
        .returns(HostState.PENDING, Machine::state);
    assertThat(cloud(options).machines("t-1")).containsExactly(machine);
    assertThat(cloud(options).machines()).hasSize(2);
  }

  @Test
  void a_repeat_adopts_the_rayjob_that_is_there() throws IOException {
    var first = launch("t-1");

    assertThat(launch("t-1")).isEqualTo(first);
    assertThat(cloud(options).machines()).hasSize(1);
  }

  @Test
  void another_owners_rayjob_is_neither_adopted_nor_listed() throws IOException {
    var theirs = new RayOptions("pool", "them", options.where(), "x", Map.of(), Map.of(), Map.of());
    cloud(theirs).launch(Intents.of("t-1", Intents.SHAPE, Intents.SHAPE, Market.ON_DEMAND));

    assertThatThrownBy(() -> launch("t-1"))
        .isInstanceOfSatisfying(Refusal.class, no -> assertThat(no.kind()).isEqualTo(Kind.ENDED))
        .hasMessageContaining("somebody else's");
    assertThat(cloud(options).machines()).isEmpty();
    assertThat(cloud(theirs).machines()).hasSize(1);
  }

  @Test
  void an_end_deletes_the_rayjob_and_may_be_repeated() throws IOException {
    var machine = launch("t-1");

    cloud(options).terminate(machine);
    cloud(options).terminate(machine);

    assertThat(cloud(options).machines()).isEmpty();
  }

  @Test
  void a_rayjob_that_ended_a_day_ago_is_deleted_and_a_younger_one_is_shown() throws IOException {
    launch("old");
    launch("young");
    ends("fettle-old", "2025-12-31T23:00:00Z");
    ends("fettle-young", "2026-01-01T23:00:00Z");

    assertThat(cloud(options).machines()).extracting(Machine::id).containsExactly("fettle-young");
    assertThat(job("fettle-old").get()).isNull();
  }

  @Test
  void a_no_of_the_api_server_is_told_by_class_with_what_to_do() {
    refuses(403, "Forbidden", "rayjobs.ray.io \"x\" is forbidden: exceeded quota: jobs");
    assertThatThrownBy(() -> launch("t-1"))
        .isInstanceOfSatisfying(Refusal.class, no -> assertThat(no.kind()).isEqualTo(Kind.QUOTA))
        .hasMessageContainingAll("pool pool", "exceeded quota: jobs", "ResourceQuota");
  }

  @Test
  void a_server_in_trouble_has_decided_nothing_and_is_asked_once() throws InterruptedException {
    refuses(500, "InternalError", "failed calling webhook");

    assertThatThrownBy(() -> launch("t-1"))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(Refusal.class)
        .hasMessageContaining("failed calling webhook");
    assertThat(server.getRequestCount()).isEqualTo(1);
  }

  private void refuses(int code, String reason, String message) {
    server
        .expect()
        .post()
        .withPath(JOBS)
        .andReturn(
            code,
            new StatusBuilder()
                .withCode(code)
                .withReason(reason)
                .withMessage(message)
                .withStatus("Failure")
                .build())
        .always();
  }

  private Resource<GenericKubernetesResource> job(String name) {
    return client.genericKubernetesResources(RayJob.DEFINITION).inNamespace("ml").withName(name);
  }

  private void ends(String name, String time) {
    job(name)
        .edit(
            job -> {
              job.setAdditionalProperty(
                  "status", Map.of("jobDeploymentStatus", "Complete", "endTime", time));
              return job;
            });
  }
}
