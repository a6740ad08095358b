package io.fettle.benchmarks.capacity;

import io.fettle.benchmarks.capacity.Launches.Times;
import io.fettle.cli.local.Home;
import io.fettle.cli.local.JavaCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ec2.model.Instance;

/**
 * EC2 whose instances run: an account on Moto, the documented EC2 before it, and for each instance
 * processes of this machine that begin with the launch scripts of {@code infra/launch}. An agent
 * that dies is started again, as its unit does it; one that wants its machine ended has it ended.
 */
public final class RunningEc2 implements AutoCloseable {
  /** What the pool is called that {@link #describe} describes. */
  public static final String POOL = Ec2Account.POOL;

  /** The shape that it has. */
  public static final String SHAPE = "cpu";

  /** The provider's word for an instance that spot took back. */
  public static final String TAKEN_BACK = Launches.TERMINATION;

  private static final Duration MOMENT = Duration.ofMillis(250);
  private static final String AGENT = "io.fettle.workers.agent.Agent";

  private final Ec2Account account;
  private final DocumentedEc2 ec2;
  private final Path folder;
  private @Nullable LocalMachines machines;
  private @Nullable Agents agents; // guarded by this

  private record Agents(List<Long> pids, long at) {}

  RunningEc2(Ec2Account account, Path folder) throws IOException {
    this.account = account;
    this.folder = folder;
    this.ec2 = new DocumentedEc2(account, InstantSource.system(), Times.NONE);
  }

  /** The variables by which a control worker may call it. */
  public static Map<String, String> signedIn() {
    return Map.of("AWS_ACCESS_KEY_ID", "test", "AWS_SECRET_ACCESS_KEY", "test");
  }

  /**
   * Writes the operator's file that makes it the pool {@link #POOL} of a home.
   *
   * @return that file
   */
  public Path describe(Path home) throws IOException {
    var zones =
        account.zones().entrySet().stream()
            .map(zone -> zone.getKey() + ": " + zone.getValue())
            .collect(Collectors.joining(", "));
    return Files.writeString(
        home.resolve("pools.yaml"),
        """
        pools:
          %s:
            provider: aws
            region: eu-west-1
            endpoint: %s
            launch_template: fettle-agent
            zones: {%s}
            types: {%s: [g5.xlarge]}
            prices: {g5.xlarge: {spot: 0.4, on_demand: 1.0}}
        """
            .formatted(POOL, ec2.address(), zones, SHAPE));
  }

  /**
   * From now on its instances run.
   *
   * @param settings of their agents, as environment variables
   */
  public void boot(Map<String, String> settings) {
    machines = new LocalMachines(account, folder, userData(settings));
  }

  private LocalMachines machines() {
    return Objects.requireNonNull(machines, "boot comes first");
  }

  private static String userData(Map<String, String> settings) {
    var own = Home.current();
    var lines =
        settings.entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .sorted()
            .collect(Collectors.joining("\n"));
    return """
        set -eu
        mkdir -p "$SYSROOT/etc/fettle" "$SYSROOT/home"
        ln -sfn %s "$SYSROOT/home/envs"
        cat > "$SYSROOT/etc/fettle/agent.env" <<EOF
        AGENT_METADATA=$METADATA
        AGENT_STATE=$SYSROOT/host
        AGENT_END=touch,$SYSROOT/run/fettle/own/end
        LAUNCH_ELASTIC=true
        LAUNCH_USER=$(id -un)
        %s
        EOF
        sh %s
        set -a
        . "$SYSROOT/run/fettle/agent.env"
        set +a
        while :; do
          %s --fettle.home="$SYSROOT/home" || :
          sleep 2
        done &
        until [ -e "$SYSROOT/run/fettle/own/end" ]; do sleep 1; done
        """
        .formatted(own.environments(), lines, own.root().resolve("infra/launch/host"), agent());
  }

  /** What starts an agent, as a shell reads it; settings follow. */
  static String agent() {
    return JavaCommand.ofAgent(AGENT, List.of()).stream()
        .map(word -> "'" + word + "'")
        .collect(Collectors.joining(" "));
  }

  // --- What is there

  /** Those that were ever started. */
  public int started() {
    return machines().started();
  }

  /** Those that cost money now, as EC2 says. */
  public List<String> living() {
    return living(account.instances());
  }

  /** Those of them that were launched for a run. */
  public List<String> living(String run) {
    return living(account.instances("fettle-run", run));
  }

  private static List<String> living(List<Instance> instances) {
    return instances.stream().filter(Ec2Account::lives).map(Instance::instanceId).toList();
  }

  /** The folder of the agent there: its claim, its work. */
  public Path state(String instance) {
    return folder.resolve(instance).resolve("host");
  }

  /** The pids of all agents that ran a moment ago: whoever asks all the time costs little. */
  public synchronized List<Long> agents() {
    var before = agents;
    if (before != null && System.nanoTime() - before.at() < MOMENT.toNanos()) {
      return before.pids();
    }
    var up = machines().up().stream().map(this::agent).flatMapToLong(OptionalLong::stream);
    var now = new Agents(up.boxed().toList(), System.nanoTime());
    agents = now;
    return now.pids();
  }

  /** The pid of the agent there; empty while none runs. */
  public OptionalLong agent(String instance) {
    return LocalMachines.processes(instance)
        .filter(process -> isAgent(process.pid()))
        .mapToLong(ProcessHandle::pid)
        .findFirst();
  }

  private static boolean isAgent(long pid) {
    try {
      var words = Files.readString(Path.of("/proc/%d/cmdline".formatted(pid))).split("\0");
      return Stream.of(words).anyMatch(AGENT::equals);
    } catch (IOException gone) {
      return false;
    }
  }

  // --- What happens to it

  /** Spot tells the instance that it ends after that time, and takes it then. */
  public void notice(String instance, Duration window) {
    machines().notice(instance, window);
    Thread.ofVirtual().name("spot-takes-" + instance).start(() -> take(instance, window));
  }

  private void take(String instance, Duration after) {
    try {
      Thread.sleep(after);
      if (living().contains(instance)) {
        interrupt(instance);
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new IllegalStateException("spot could not take " + instance, e);
    }
  }

  /** Spot takes it back now, whether or not it was told. */
  public void interrupt(String instance) throws IOException {
    ec2.interrupt(instance);
  }

  /** All that runs there dies at once, and EC2 goes on saying that it runs. */
  public void hang(String instance) {
    machines().hang(instance);
  }

  @Override
  public void close() {
    if (machines != null) {
      machines.close();
    }
    ec2.close();
    account.close();
  }
}
