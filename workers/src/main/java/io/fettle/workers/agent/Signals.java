package io.fettle.workers.agent;

import io.fettle.activities.capacity.signal.PreemptionSignal;
import io.fettle.activities.capacity.signal.PreemptionSignal.Sign;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whose notices an agent watches for. Where it has to find out, it asks nobody: files tell it. */
final class Signals {
  private static final Logger log = LoggerFactory.getLogger(Signals.class);
  private static final URI EC2 = URI.create("http://169.254.169.254");
  private static final URI GCP = URI.create("http://metadata.google.internal");
  private static final Duration GPU_MAINTENANCE = Duration.ofHours(1);
  private static final Duration MAINTENANCE = Duration.ofSeconds(60);

  private final AgentSettings agent;
  private final Path state;
  private final Path root;
  private final Map<String, String> environment;

  /**
   * @param state the local pool's folder is in it
   * @param root of the file system
   */
  Signals(AgentSettings agent, Path state, Path root, Map<String, String> environment) {
    this.agent = agent;
    this.state = state;
    this.root = root;
    this.environment = environment;
  }

  PreemptionSignal choose(BooleanSupplier idle) {
    var source = agent.signal() == AgentSettings.Signal.AUTO ? found() : agent.signal();
    log.info("notices come from: {}", source);
    return switch (source) {
      case NONE, AUTO -> new Never();
      case LOCAL -> PreemptionSignal.local(state, agent.host());
      case EC2 -> PreemptionSignal.ec2(endpoint(EC2));
      case GCP -> PreemptionSignal.gcp(endpoint(GCP), agent.noticeWindow(), maintenance());
      case KUBERNETES -> new PodNotice(agent.noticeWindow(), idle);
    };
  }

  /** A pod on EC2 or GCP is a pod: its node's notice reaches it as a SIGTERM. */
  AgentSettings.Signal found() {
    if (environment.containsKey("KUBERNETES_SERVICE_HOST")) {
      return AgentSettings.Signal.KUBERNETES;
    }
    if (vendor("sys_vendor").startsWith("Amazon EC2")) {
      return AgentSettings.Signal.EC2;
    }
    if (vendor("product_name").startsWith("Google Compute Engine")) {
      return AgentSettings.Signal.GCP;
    }
    return Files.exists(state.resolve("pool").resolve(agent.host() + ".json"))
        ? AgentSettings.Signal.LOCAL
        : AgentSettings.Signal.NONE;
  }

  private String vendor(String name) {
    try {
      return Files.readString(root.resolve("sys/class/dmi/id").resolve(name)).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** Compute Engine tells a VM with a GPU an hour before, any other a minute. */
  private Duration maintenance() {
    return Files.exists(root.resolve("dev/nvidia0")) ? GPU_MAINTENANCE : MAINTENANCE;
  }

  private URI endpoint(URI usual) {
    return agent.metadata() == null ? usual : agent.metadata();
  }

  /** A host that nobody takes away. */
  private record Never() implements PreemptionSignal {
    @Override
    public Sign look() {
      return new Sign.Quiet();
    }

    @Override
    public Duration pause() {
      return Duration.ofHours(1);
    }
  }
}
