package io.fettle.activities.capacity;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A cloud with prices, which refuses as the test says and forgets nothing. */
final class PricedCloud implements Cloud {
  final Deque<Refusal> refusals = new ArrayDeque<>();
  final List<Offer> launched = new ArrayList<>();
  private final List<Offer> offers;
  private final Map<String, Machine> machines = new TreeMap<>();

  PricedCloud(List<Offer> offers) {
    this.offers = List.copyOf(offers);
  }

  @Override
  public String name() {
    return "aws";
  }

  @Override
  public List<Offer> offers(String shape) {
    return offers;
  }

  @Override
  public int placesAtOnce() {
    return 2;
  }

  @Override
  public Machine launch(Intent intent) throws IOException {
    launched.add(intent.offer());
    if (!refusals.isEmpty()) {
      throw refusals.pop();
    }
    return machines.computeIfAbsent(
        intent.token(),
        token ->
            new Machine(
                "i-" + token,
                token,
                intent.by().run(),
                HostState.RUNNING,
                "",
                intent.offer().places().getFirst()));
  }

  @Override
  public List<Machine> machines() {
    return List.copyOf(machines.values());
  }

  @Override
  public List<Machine> machines(String token) {
    return machines.values().stream().filter(each -> each.token().equals(token)).toList();
  }

  @Override
  public void terminate(Machine machine) {
    machines.put(
        machine.token(),
        new Machine(
            machine.id(),
            machine.token(),
            machine.run(),
            HostState.TERMINATED,
            "Client.UserInitiatedShutdown",
            machine.place()));
  }

  /** A run on spot; {@code together} caps its experiment. */
  static CapacityTerms terms(Optional<Double> dollars, Optional<Double> together) {
    return new CapacityTerms(
        Market.SPOT,
        Integer.MAX_VALUE,
        Optional.empty(),
        dollars,
        together.map(_ -> "sweep"),
        together,
        Optional.empty(),
        Optional.empty(),
        Duration.ofMinutes(15),
        Duration.ofSeconds(30));
  }
}
