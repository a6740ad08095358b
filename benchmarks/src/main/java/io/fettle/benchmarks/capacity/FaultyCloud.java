package io.fettle.benchmarks.capacity;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A provider that loses replies and refuses calls now and then, and bills each machine from its
 * launch to its end.
 */
final class FaultyCloud implements Cloud {
  private static final double LOST_REPLY = 0.2;
  private static final double FAILED_CALL = 0.2;
  private static final double SECONDS_AN_HOUR = 3600;

  private final Map<String, Bill> bills = new TreeMap<>();
  private final Random random;
  private final InstantSource clock;

  /** One machine; {@code end} says nothing while it lives. */
  private record Bill(Machine machine, Instant start, Instant end) {}

  FaultyCloud(Random random, InstantSource clock) {
    this.random = random;
    this.clock = clock;
  }

  double dollars() {
    return bills.values().stream().mapToDouble(this::dollars).sum();
  }

  double dollars(String run) {
    return bills.values().stream()
        .filter(bill -> bill.machine().run().equals(run))
        .mapToDouble(this::dollars)
        .sum();
  }

  private double dollars(Bill bill) {
    var end = bill.machine().mayCost() ? clock.instant() : bill.end();
    return bill.machine().place().dollarsPerHour()
        * Duration.between(bill.start(), end).toMillis()
        / 1000.0
        / SECONDS_AN_HOUR;
  }

  boolean lives(String token) {
    return bills.containsKey(token) && bills.get(token).machine().mayCost();
  }

  /** As a host does that nobody renews, or a provider that takes it back. */
  void end(String token) {
    var bill = bills.get(token);
    if (bill != null && bill.machine().mayCost()) {
      bills.put(token, new Bill(ended(bill.machine()), bill.start(), clock.instant()));
    }
  }

  private static Machine ended(Machine machine) {
    return new Machine(
        machine.id(),
        machine.token(),
        machine.run(),
        HostState.TERMINATED,
        "ended",
        machine.place());
  }

  @Override
  public String name() {
    return "faulty";
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
    var place = intent.offer().places().getFirst();
    var machine =
        new Machine(
            "m-" + intent.token(), intent.token(), intent.by().run(), HostState.RUNNING, "", place);
    var bill = bills.computeIfAbsent(intent.token(), _ -> start(machine));
    mayFail(LOST_REPLY, "the reply was lost");
    return bill.machine();
  }

  private Bill start(Machine machine) {
    return new Bill(machine, clock.instant(), clock.instant());
  }

  @Override
  public List<Machine> machines() throws IOException {
    mayFail(FAILED_CALL / 4, "the list was refused");
    return bills.values().stream().map(Bill::machine).toList();
  }

  @Override
  public List<Machine> machines(String token) throws IOException {
    mayFail(FAILED_CALL / 4, "the list was refused");
    return bills.values().stream()
        .map(Bill::machine)
        .filter(machine -> machine.token().equals(token))
        .toList();
  }

  @Override
  public void terminate(Machine machine) throws IOException {
    mayFail(FAILED_CALL, "the termination was refused");
    end(machine.token());
  }

  private void mayFail(double share, String why) throws IOException {
    if (random.nextDouble() < share) {
      throw new IOException(why);
    }
  }
}
