package io.fettle.benchmarks.failures;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.HostClaim;
import io.fettle.activities.capacity.HostClaim.Identity;
import io.fettle.activities.capacity.Refusal;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.wire.Wire;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A machine with the real local pool and the real claims of its agents, in one JVM over real files.
 * Only the looks of an agent, which are its own process's, are made here as it makes them.
 */
final class PoolMachine {
  static final int LIMIT = 2;
  private static final String SHAPE = "cpu";

  private final Path state;
  private final Server server;

  PoolMachine(Path state, boolean isHasty) throws IOException {
    this.state = Files.createDirectories(state);
    this.server = new Server(isHasty);
  }

  /** What the server knows; a hasty asker takes whatever is not known to be open for over. */
  private static final class Server implements Runs {
    private final boolean isHasty;
    private final Map<String, State> states = new HashMap<>();

    Server(boolean isHasty) {
      this.isHasty = isHasty;
    }

    @Override
    public String namespace() {
      return "fettle";
    }

    @Override
    public State state(Execution execution) {
      var known = states.getOrDefault(execution.run(), State.NOT_FOUND);
      return isHasty && known != State.OPEN ? State.OVER : known;
    }
  }

  void says(String run, Runs.State of) {
    server.states.put(run, of);
  }

  // --- A run's calls, in processes that see the files as they are given

  Path state() {
    return state;
  }

  Optional<Acquisition> acquire(Path files, String run, String token) throws IOException {
    var request =
        new AcquireRequest(run, Offer.owned("local", SHAPE, ""), token, CapacityTerms.NONE);
    try {
      return Optional.of(
          pool(files).acquire(request, new Execution("fettle", run, run + "-execution")));
    } catch (Refusal full) {
      return Optional.empty();
    }
  }

  /** The agent whose host was meant claims, or another idle one; empty if all refuse. */
  Optional<Host> claim(Path files, String run, Acquisition acquisition) throws IOException {
    for (var host : hostsFrom(acquisition.providerId())) {
      var agent = agent(files, host);
      var claimed =
          agent.current().isEmpty() || agent.isHeldBy(acquisition.token())
              ? claim(agent, run, acquisition)
              : Optional.<Host>empty();
      if (claimed.isPresent()) {
        return claimed;
      }
    }
    return Optional.empty();
  }

  private static Optional<Host> claim(HostClaim agent, String run, Acquisition acquisition) {
    try {
      var request = new ClaimRequest(run, acquisition.token());
      return Optional.of(agent.claim(request, run + "-execution"));
    } catch (ApplicationFailure refused) {
      return Optional.empty(); // another idle agent polls the same queue
    }
  }

  void release(Path files, String run, String token) throws IOException {
    pool(files).release(new ReleaseRequest(run, "local", "", token, "", ""));
  }

  /** Every living agent looks whether its claim still stands, as it does several times a second. */
  void agentsLook(Instant now) throws IOException {
    agentsLook(state, now);
  }

  void agentsLook(Path files, Instant now) throws IOException {
    for (var host : hosts()) {
      var agent = agent(files, host);
      if (agent.wasReleased() || agent.isAbandoned(server, now)) {
        agent.clear();
      }
    }
  }

  void sweep(Instant now) throws IOException {
    pool(state).sweep(server, now);
  }

  // --- What is there

  /** Whether the run has the host for this token, by its agent's word and the pool's. */
  boolean holds(String token) throws IOException {
    for (var host : hosts()) {
      var agent = agent(state, host);
      if (agent.isHeldBy(token) && !agent.wasReleased()) {
        return true;
      }
    }
    return false;
  }

  /** How many of these runs' acquisitions stand. */
  int standingOf(String run) throws IOException {
    int standing = 0;
    for (var file : jsonFiles(state.resolve("pool/reservations"))) {
      var reservation = Wire.mapper().readTree(Files.readAllBytes(file));
      var stands = !reservation.path("state").asText().equals("RELEASED");
      if (stands && reservation.path("run").asText().equals(run)) {
        standing++;
      }
    }
    return standing;
  }

  /** How many hosts new runs can still get and claim. */
  int freeSlots() throws IOException {
    for (int free = 0; ; free++) {
      var run = "probe-" + free;
      says(run, Runs.State.OPEN);
      var acquired = acquire(state, run, run + "-1");
      if (acquired.isEmpty() || claim(state, run, acquired.get()).isEmpty()) {
        return free;
      }
    }
  }

  private static Pool pool(Path files) {
    return Capacity.local(files, LIMIT);
  }

  private HostClaim agent(Path files, String host) throws IOException {
    var identity = new Identity(host, "boot", "local", SHAPE);
    var agent = Capacity.localClaim(files, files.resolve("hosts").resolve(host), identity);
    agent.restore();
    return agent;
  }

  private List<String> hostsFrom(String first) throws IOException {
    var ordered = new ArrayList<>(hosts());
    ordered.remove(first);
    ordered.addFirst(first);
    return ordered;
  }

  /** The supervisor runs an agent for each host that the pool wants. */
  private List<String> hosts() throws IOException {
    return jsonFiles(state.resolve("pool")).stream()
        .map(file -> file.getFileName().toString().replace(".json", ""))
        .toList();
  }

  private static List<Path> jsonFiles(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }
}
