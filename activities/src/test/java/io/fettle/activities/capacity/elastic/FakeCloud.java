package io.fettle.activities.capacity.elastic;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Refusal;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A provider that launches once a token, lists late, and loses answers as told. */
final class FakeCloud implements Cloud {
  static final Place PLACE = new Place("g5.xlarge", "a", 3.6);
  static final Offer OFFER =
      new Offer("cloud", "a10g-24gb-x1", 3.6, "", Market.SPOT, List.of(PLACE));

  private final InstantSource clock;
  final List<Machine> machines = new ArrayList<>();
  final List<Instant> launched = new ArrayList<>();
  final Set<String> terminated = new HashSet<>();
  Duration lag = Duration.ZERO;
  int answersToLose;
  boolean knowsIdsAtOnce;
  boolean endsNothing;
  Optional<Refusal> refusal = Optional.empty();
  Optional<Refusal> hidden = Optional.empty();

  FakeCloud(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public String name() {
    return "cloud";
  }

  @Override
  public List<Offer> offers(String shape) {
    return List.of();
  }

  @Override
  public int placesAtOnce() {
    return 1;
  }

  @Override
  public Machine launch(Intent intent) throws IOException {
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    var known = machines.stream().filter(m -> m.token().equals(intent.token())).findFirst();
    var machine = known.isPresent() ? now(known.get()) : started(intent);
    if (answersToLose > 0) {
      answersToLose--;
      throw new IOException("the connection was reset");
    }
    return machine;
  }

  private Machine started(Intent intent) {
    var id = "i-" + machines.size();
    var started = new Machine(id, intent.token(), intent.by().run(), HostState.RUNNING, "", PLACE);
    machines.add(started);
    launched.add(clock.instant());
    return started;
  }

  private Machine now(Machine machine) {
    return terminated.contains(machine.id())
        ? new Machine(
            machine.id(),
            machine.token(),
            machine.run(),
            HostState.TERMINATED,
            "Client.UserInitiatedShutdown",
            machine.place())
        : machine;
  }

  @Override
  public List<Machine> machines() throws IOException {
    if (hidden.isPresent()) {
      throw hidden.get();
    }
    var shown = new ArrayList<Machine>();
    for (var machine : machines) {
      var age = Duration.between(launched.get(machines.indexOf(machine)), clock.instant());
      if (age.compareTo(lag) >= 0) {
        shown.add(now(machine));
      }
    }
    return shown;
  }

  @Override
  public List<Machine> machines(String token) throws IOException {
    return machines().stream().filter(machine -> machine.token().equals(token)).toList();
  }

  @Override
  public Optional<Machine> machine(String id) throws IOException {
    return (knowsIdsAtOnce ? machines.stream().map(this::now) : machines().stream())
        .filter(machine -> machine.id().equals(id))
        .findFirst();
  }

  @Override
  public void terminate(Machine machine) throws IOException {
    if (endsNothing) {
      throw new IOException("try again");
    }
    terminated.add(machine.id());
  }

  List<Machine> living() {
    return machines.stream().filter(machine -> !terminated.contains(machine.id())).toList();
  }
}
