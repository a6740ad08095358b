package io.fettle.activities.capacity.ray;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.FieldValidateable.Validation;
import io.fettle.activities.capacity.ray.KubeParts.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A Kubernetes of this machine with KubeRay's operator. Real are the store, the API server with its
 * roles and admission, the controllers (garbage is collected), the scheduler and the operator. kwok
 * says of nodes that they are ready and of pods that they run; nothing runs in them.
 */
final class KubeCluster implements AutoCloseable {
  static final String SPOT = "karpenter.sh/capacity-type";
  static final String STORAGE = "kwok-volume";
  private static final String GPU = "nvidia.com/gpu";
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration SAID = Duration.ofSeconds(30);

  private final KubeParts parts;
  private final Path folder =
      Files.createTempDirectory(Files.createDirectories(Path.of("target/kubernetes")), "logs")
          .toAbsolutePath();
  private final int port = RayHead.freePort();
  private final int etcd = RayHead.freePort();
  private final String dashboards;
  private final List<Process> processes = new ArrayList<>();
  private final KubernetesClient admin;
  private Process operator;

  /**
   * @param dashboards the HTTP proxy by which the operator reaches the dashboards of its clusters,
   *     whose names nobody here resolves
   */
  KubeCluster(KubeParts parts, String dashboards) throws Exception {
    this.parts = parts;
    this.dashboards = dashboards;
    try {
      keys();
      Files.writeString(
          folder.resolve("tokens.csv"),
          "admin,admin,admin,\"system:masters\"\noperator,kuberay,kuberay\n");
      startEtcd();
      startServer();
      admin = client(kubeconfig("admin"));
      defineKubeRay();
      startControllers();
      startKwok();
      nodes();
      startOperator();
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  KubernetesClient admin() {
    return admin;
  }

  KubeParts parts() {
    return parts;
  }

  /** As a user has it who holds the token. */
  Path kubeconfig(String token) throws IOException {
    var file = folder.resolve("kubeconfig-" + Integer.toHexString(token.hashCode()));
    Files.writeString(
        file,
        """
        apiVersion: v1
        kind: Config
        current-context: here
        contexts: [{name: here, context: {cluster: here, user: me}}]
        clusters: [{name: here, cluster: {server: "https://127.0.0.1:%d", certificate-authority: "%s"}}]
        users: [{name: me, user: {token: "%s"}}]
        """
            .formatted(port, folder.resolve("certificates/apiserver.crt"), token));
    return file;
  }

  static KubernetesClient client(Path kubeconfig) throws IOException {
    var config = Config.fromKubeconfig(Files.readString(kubeconfig));
    return new KubernetesClientBuilder()
        .withConfig(RayJobCloud.patient(new ConfigBuilder(config)).build())
        .build();
  }

  private void keys() throws IOException, GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    var pair = generator.generateKeyPair();
    pem("PRIVATE KEY", pair.getPrivate().getEncoded(), "accounts.key");
    pem("PUBLIC KEY", pair.getPublic().getEncoded(), "accounts.pub");
  }

  private void pem(String kind, byte[] bytes, String file) throws IOException {
    var lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    Files.writeString(
        folder.resolve(file),
        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
            .formatted(kind, lines.encodeToString(bytes)));
  }

  private void startEtcd() throws IOException {
    var peers = "http://127.0.0.1:" + RayHead.freePort();
    var clients = "http://127.0.0.1:" + etcd;
    start(
        "etcd",
        List.of(
            parts.program(Part.ETCD),
            "--data-dir=" + folder.resolve("etcd"),
            "--listen-client-urls=" + clients,
            "--advertise-client-urls=" + clients,
            "--listen-peer-urls=" + peers,
            "--initial-advertise-peer-urls=" + peers,
            "--initial-cluster=default=" + peers,
            "--unsafe-no-fsync"),
        Map.of());
  }

  private void startServer() throws Exception {
    start(
        "apiserver",
        List.of(
            parts.program(Part.KUBERNETES),
            "apiserver",
            "--etcd-servers=http://127.0.0.1:" + etcd,
            "--bind-address=127.0.0.1",
            "--secure-port=" + port,
            "--cert-dir=" + folder.resolve("certificates"),
            "--endpoint-reconciler-type=none",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--service-account-issuer=https://kubernetes.default.svc",
            "--service-account-key-file=" + folder.resolve("accounts.pub"),
            "--service-account-signing-key-file=" + folder.resolve("accounts.key"),
            "--token-auth-file=" + folder.resolve("tokens.csv"),
            "--authorization-mode=RBAC"),
        Map.of());
    RayHead.await(START, () -> Files.exists(folder.resolve("certificates/apiserver.crt")));
    try (var client = client(kubeconfig("admin"))) {
      RayHead.await(START, () -> isReady(client));
    }
  }

  private static boolean isReady(KubernetesClient client) {
    try {
      return "ok".equals(client.raw("/readyz"))
          && client.namespaces().withName("default").get() != null;
    } catch (KubernetesClientException notYet) {
      return false;
    }
  }

  /** Definitions and roles of KubeRay's own release; before the controllers look for them. */
  private void defineKubeRay() throws Exception {
    var config = parts.path(Part.OPERATOR_CONFIG);
    apply(Files.readString(config.resolve("rbac/role.yaml")));
    admin
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName("kuberay-operator")
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "kuberay-operator")
                .addNewSubject("rbac.authorization.k8s.io", "User", "kuberay", null)
                .build())
        .create();
    try (var files = Files.list(config.resolve("crd/bases"))) {
      for (var file : files.toList()) {
        apply(Files.readString(file));
      }
    }
    RayHead.await(
        SAID,
        () -> {
          try {
            return admin.genericKubernetesResources(RayJob.DEFINITION).inAnyNamespace().list()
                != null;
          } catch (KubernetesClientException notYet) {
            return false;
          }
        });
  }

  private void startControllers() throws IOException {
    var config = "--kubeconfig=" + kubeconfig("admin");
    start(
        "controllers",
        List.of(
            parts.program(Part.KUBERNETES),
            "controller-manager",
            config,
            "--leader-elect=false",
            "--secure-port=0",
            "--service-account-private-key-file=" + folder.resolve("accounts.key"),
            "--root-ca-file=" + folder.resolve("certificates/apiserver.crt")),
        Map.of());
    start(
        "scheduler",
        List.of(
            parts.program(Part.KUBERNETES),
            "scheduler",
            config,
            "--leader-elect=false",
            "--secure-port=0"),
        Map.of());
  }

  private void startKwok() throws IOException {
    var stages = new StringBuilder();
    for (var stage : List.of("node/fast", "node/heartbeat", "pod/fast", "volume/fast")) {
      try (var files = Files.list(parts.path(Part.KWOK_STAGES).resolve("stage").resolve(stage))) {
        for (var file : files.sorted().toList()) {
          var text = file.toString().endsWith(".yaml") ? Files.readString(file) : "";
          stages.append(text.contains("kind: Stage") ? text + "\n---\n" : "");
        }
      }
    }
    var config = folder.resolve("stages.yaml");
    Files.writeString(config, stages);
    var classes = parts.path(Part.KWOK_STAGES).resolve("stage/volume/fast/storage-class.yaml");
    apply(Files.readString(classes));
    start(
        "kwok",
        List.of(
            parts.program(Part.KWOK),
            "--kubeconfig=" + kubeconfig("admin"),
            "--manage-all-nodes",
            "--config=" + config,
            "--server-address=127.0.0.1:" + RayHead.freePort()),
        Map.of());
  }

  /** One node for what needs no GPU, one with four on spot. */
  private void nodes() {
    node("plain", "on-demand", "0");
    node("gpus", "spot", "4");
  }

  private void node(String name, String market, String gpus) {
    var has =
        Map.of(
            "cpu",
            new Quantity("64"),
            "memory",
            new Quantity("512Gi"),
            "pods",
            new Quantity("200"),
            GPU,
            new Quantity(gpus));
    admin
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels(SPOT, market)
                .addToLabels("nvidia.com/gpu.product", "NVIDIA-A10G")
                .endMetadata()
                .withNewStatus()
                .withCapacity(has)
                .withAllocatable(has)
                .endStatus()
                .build())
        .create();
  }

  void startOperator() throws IOException {
    operator =
        start(
            "operator",
            List.of(
                parts.program(Part.OPERATOR),
                "--metrics-addr=127.0.0.1:" + RayHead.freePort(),
                "--health-probe-bind-address=127.0.0.1:" + RayHead.freePort(),
                "--enable-leader-election=false"),
            Map.of(
                "KUBECONFIG", kubeconfig("operator").toString(),
                "HTTP_PROXY", dashboards,
                "http_proxy", dashboards));
  }

  void stopOperator() throws InterruptedException {
    operator.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
  }

  /** Each resource of a YAML text; unknown fields are errors. */
  void apply(String yaml) {
    for (var each : resources(yaml)) {
      admin.resource(each).fieldValidation(Validation.STRICT).serverSideApply();
    }
  }

  /** In a namespace, first without keeping anything. */
  void apply(String yaml, String namespace) {
    for (var each : resources(yaml)) {
      var resource = admin.resource(each).inNamespace(namespace);
      resource.dryRun().fieldValidation(Validation.STRICT).serverSideApply();
    }
    for (var each : resources(yaml)) {
      var resource = admin.resource(each).inNamespace(namespace);
      resource.fieldValidation(Validation.STRICT).serverSideApply();
    }
  }

  private List<HasMetadata> resources(String yaml) {
    return admin.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8))).items();
  }

  /** Our chart in a namespace that is there. */
  void install(String namespace, String values, Map<String, String> more) throws Exception {
    apply(parts.chart(namespace, values, more), namespace);
  }

  /**
   * Makes a namespace.
   *
   * @param security the strictest of Kubernetes' pod security standards that its pods must meet
   */
  void namespace(String name, String security) {
    admin
        .resource(
            new NamespaceBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("pod-security.kubernetes.io/enforce", security)
                .endMetadata()
                .build())
        .create();
  }

  /** What a pod of the account would find mounted. */
  String token(String namespace, String account) {
    return admin
        .serviceAccounts()
        .inNamespace(namespace)
        .withName(account)
        .tokenRequest()
        .getStatus()
        .getToken();
  }

  private Process start(String name, List<String> words, Map<String, String> environment)
      throws IOException {
    var builder =
        new ProcessBuilder(words)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()));
    builder.environment().putAll(environment);
    var process = builder.start();
    processes.add(process);
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    return process;
  }

  /** What the parts have said stays in {@code target/kubernetes}. */
  @Override
  public void close() {
    processes.reversed().forEach(Process::destroyForcibly);
    processes.forEach(process -> process.onExit().join());
    if (admin != null) {
      admin.close();
    }
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        if (!file.equals(folder) && !file.toString().endsWith(".log")) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
