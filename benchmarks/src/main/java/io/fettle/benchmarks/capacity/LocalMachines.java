package io.fettle.benchmarks.capacity;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.Tag;

/**
 * What runs on the instances of an account: each that runs there has its user data run here, as
 * processes of this machine, under a root of its own ({@code SYSROOT}) and with a metadata server
 * of its own. What ends there is killed here, with all that it started; what ends here is
 * terminated there, as with an instance-initiated shutdown whose behaviour is terminate.
 */
final class LocalMachines implements AutoCloseable {
  /** In the environment of all that a machine runs. */
  private static final String MARK = "FETTLE_TEST_MACHINE";

  private static final Duration LOOK = Duration.ofMillis(300);

  private final Ec2Account account;
  private final Path folder;
  private final String userData;
  private final Map<String, Machine> machines = new HashMap<>(); // guarded by this
  private final Set<String> hung = new HashSet<>(); // guarded by this
  private final Set<String> gone = new HashSet<>(); // guarded by this
  private final Thread thread;
  private final Thread atExit = new Thread(this::down);

  private record Machine(Process process, InstanceMetadata metadata) {}

  /**
   * @param userData a script for {@code sh}
   */
  LocalMachines(Ec2Account account, Path folder, String userData) {
    this.account = account;
    this.folder = folder;
    this.userData = userData;
    this.thread = Thread.ofPlatform().daemon().name("local-machines").start(this::watch);
    Runtime.getRuntime().addShutdownHook(atExit);
  }

  /** Those that were ever started. */
  synchronized int started() {
    return machines.size();
  }

  /** Those of which something may run. */
  synchronized List<String> up() {
    return machines.keySet().stream().filter(id -> !gone.contains(id)).toList();
  }

  /** Spot tells the instance that it ends after that time; the end itself is the caller's. */
  synchronized void notice(String instance, Duration window) {
    Objects.requireNonNull(machines.get(instance), instance)
        .metadata()
        .notice(Instant.now().plus(window));
  }

  /** Its processes die at once; the instance is said to run until somebody ends it. */
  synchronized void hang(String instance) {
    hung.add(instance);
    while (processes(instance).findAny().isPresent()) {
      kill(instance);
    }
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(LOOK);
        look();
      }
    } catch (InterruptedException | AbortedException over) { // the latter in the midst of a call
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new IllegalStateException("a machine could not be started or ended", e);
    }
  }

  private synchronized void look() throws IOException {
    for (var instance : account.instances()) {
      var id = instance.instanceId();
      boolean runs = instance.state().name() == InstanceStateName.RUNNING;
      var machine = machines.get(id);
      if (machine == null) {
        if (runs) {
          machines.put(id, start(instance));
        }
      } else if (!runs) {
        end(id);
      } else if (!machine.process().isAlive() && !hung.contains(id)) {
        account.end(id);
      }
    }
  }

  /** Until a look finds none: what was being started may have been missed. */
  private void end(String id) {
    if (!gone.contains(id)) {
      if (processes(id).findAny().isEmpty()) {
        gone.add(id);
      }
      kill(id);
    }
  }

  private Machine start(Instance instance) throws IOException {
    var id = instance.instanceId();
    var root = folder.resolve(id);
    Files.createDirectories(root.resolve("sys/class/dmi/id"));
    Files.writeString(root.resolve("sys/class/dmi/id/sys_vendor"), "Amazon EC2\n");
    Files.writeString(root.resolve("user-data"), userData);
    var tags = instance.tags().stream().collect(Collectors.toMap(Tag::key, Tag::value));
    var metadata = new InstanceMetadata(id, tags);
    var builder =
        new ProcessBuilder(List.of("setsid", "sh", root.resolve("user-data").toString()))
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("console.log").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                MARK, id, "SYSROOT", root.toString(), "METADATA", metadata.address().toString()));
    return new Machine(builder.start(), metadata);
  }

  /** Trainers and engines have sessions of their own, so all that carries the mark goes. */
  private static void kill(String id) {
    processes(id).forEach(ProcessHandle::destroyForcibly);
  }

  /** All that run on that instance. */
  static Stream<ProcessHandle> processes(String instance) {
    var mark = MARK + "=" + instance;
    return ProcessHandle.allProcesses().filter(process -> carries(process.pid(), mark));
  }

  private static boolean carries(long pid, String mark) {
    try {
      var environment = Files.readString(Path.of("/proc/%d/environ".formatted(pid)));
      return List.of(environment.split("\0")).contains(mark);
    } catch (IOException gone) { // or another user's
      return false;
    }
  }

  @Override
  public void close() {
    down();
    Runtime.getRuntime().removeShutdownHook(atExit);
  }

  private void down() {
    thread.interrupt();
    synchronized (this) {
      machines.keySet().forEach(LocalMachines::kill);
      machines.values().forEach(machine -> machine.metadata().close());
    }
  }
}
