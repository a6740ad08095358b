package io.fettle.activities.capacity.elastic;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Capacity.Runs;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares the book with what the provider lists, and ends what nobody has. Ages are counted from
 * its own first look by a clock that is never set, so a restart only lengthens them; "unreachable"
 * and "not found, but young" are live.
 */
final class Reconciler {
  private static final String LAUNCHED = " launched";
  private static final String RELEASED = " released";

  private final Cloud cloud;
  private final Book book;
  private final ElasticPool.Patience patience;
  private final Absences absences;
  private final InstantSource steady;
  private final Finish finish;
  private final Map<String, Instant> firstSeen = new HashMap<>(); // guarded by this

  /** Ends the machines of an acquisition. */
  interface Finish {
    boolean run(Intent intent, String reason, boolean surely) throws IOException;
  }

  Reconciler(
      Cloud cloud,
      Book book,
      ElasticPool.Patience patience,
      Absences absences,
      InstantSource steady,
      Finish finish) {
    this.cloud = cloud;
    this.book = book;
    this.patience = patience;
    this.absences = absences;
    this.steady = steady;
    this.finish = finish;
  }

  synchronized List<String> run(Runs runs, Instant now) throws IOException {
    var done = new ArrayList<String>();
    var open = book.open(); // before the list: what is launched in between has an open intent
    var met = new HashSet<String>();
    var failures = new ArrayList<IOException>();
    var machines = listed(failures);
    if (!failures.isEmpty()) {
      for (var token : open) {
        attempt(() -> renewed(token, runs, now), failures);
      }
      throw failed(done, failures);
    }
    for (var token : open) {
      met.add(token);
      attempt(() -> look(token, machines, runs, now), failures).ifPresent(done::add);
    }
    for (var machine : machines) {
      if (machine.mayCost() && !met.contains(machine.token())) {
        met.add(machine.id());
        attempt(() -> strayed(machine), failures).ifPresent(done::add);
      }
    }
    forget(met);
    absences.retain(open);
    if (!failures.isEmpty()) {
      throw failed(done, failures);
    }
    return done;
  }

  private List<Machine> listed(List<IOException> failures) {
    try {
      return cloud.machines();
    } catch (IOException e) {
      failures.add(e);
      return List.of();
    }
  }

  /** A provider that does not answer ends no host that is wanted. */
  private Optional<String> renewed(String token, Runs runs, Instant now) throws IOException {
    var intent = book.intent(token);
    if (intent.isPresent()
        && runs.isOurs(intent.get().by())
        && endOf(intent.get(), age(token), List.of(), runs).isEmpty()) {
      book.renew(token, now);
    }
    return Optional.empty();
  }

  private interface Look {
    Optional<String> run() throws IOException;
  }

  /** One that fails must not keep the others from being looked at. */
  private static Optional<String> attempt(Look look, List<IOException> failures) {
    try {
      return look.run();
    } catch (IOException e) {
      failures.add(e);
      return Optional.empty();
    }
  }

  private static IOException failed(List<String> done, List<IOException> failures) {
    var first = failures.getFirst();
    var failed =
        new IOException(
            "%d looks failed, the first: %s; done: %s"
                .formatted(failures.size(), first.getMessage(), done),
            first);
    failures.subList(1, failures.size()).forEach(failed::addSuppressed);
    return failed;
  }

  private Optional<String> look(String token, List<Machine> machines, Runs runs, Instant now)
      throws IOException {
    var intent = book.intent(token);
    if (intent.isPresent()) {
      return runs.isOurs(intent.get().by())
          ? look(intent.get(), machines, runs, now)
          : Optional.empty();
    }
    if (age(token).compareTo(Runs.YOUNG) > 0) {
      book.forget(token);
    }
    return Optional.empty();
  }

  private Optional<String> look(Intent intent, List<Machine> machines, Runs runs, Instant now)
      throws IOException {
    var token = intent.token();
    var age = age(token);
    var gone = isGone(token, machines);
    var reason = endOf(intent, age, machines, runs);
    if (reason.isEmpty()) {
      book.renew(token, now);
      if (isDead(token, machines, gone)) {
        book.died(token, now); // its run may come to it hours later, and gives it back
      }
      return Optional.empty();
    }
    book.release(token, reason.get(), now);
    var releasedAge = age(token + RELEASED);
    var surely = releasedAge.compareTo(patience.lag()) > 0 && gone;
    return finish.run(intent, book.released(token).map(Book.Released::reason).orElse(""), surely)
        ? Optional.of(
            "acquisition %s of run %s: %s".formatted(token, intent.by().run(), reason.get()))
        : Optional.empty();
  }

  /** Why an acquisition has to end; empty: it stands. */
  private Optional<String> endOf(Intent intent, Duration age, List<Machine> machines, Runs runs)
      throws IOException {
    var token = intent.token();
    var released = book.released(token);
    if (released.isPresent()) {
      return Optional.of(released.get().reason());
    }
    if (runs.isOver(intent.by(), age)) {
      return Optional.of("its run is over");
    }
    var joined = book.joined(token).isPresent();
    if (!joined && isLate(token, age)) {
      return Optional.of("its agent never joined");
    }
    var mine = of(token, machines);
    var gone = !mine.isEmpty() && mine.stream().noneMatch(Machine::mayCost);
    return gone && !joined
        ? Optional.of("its machine ended: " + mine.getFirst().detail())
        : Optional.empty();
  }

  /**
   * Whether an agent has had its time to join: not counted before its host is launched, which may
   * take long.
   */
  private boolean isLate(String token, Duration age) throws IOException {
    var joining = book.launch(token).isPresent() ? age(token + LAUNCHED) : age;
    return joining.compareTo(patience.join().plus(Runs.YOUNG)) > 0;
  }

  private static List<Machine> of(String token, List<Machine> machines) {
    return machines.stream().filter(machine -> machine.token().equals(token)).toList();
  }

  /** By the list, or where the lists have it no more, by its id too. */
  private boolean isDead(String token, List<Machine> machines, boolean gone) throws IOException {
    var mine = of(token, machines);
    if (mine.stream().anyMatch(Machine::mayCost) || (mine.isEmpty() && !gone)) {
      return false;
    }
    var launch = book.launch(token);
    if (launch.isEmpty()) {
      return false;
    }
    var id = launch.get().machine();
    return mine.stream().anyMatch(machine -> machine.id().equals(id))
        || (gone && cloud.machine(id).filter(Machine::mayCost).isEmpty());
  }

  /** By this list and an earlier one: none that lives was in either. */
  private boolean isGone(String token, List<Machine> machines) {
    if (of(token, machines).stream().anyMatch(Machine::mayCost)) {
      absences.seen(token);
      return false;
    }
    return absences.missed(token);
  }

  /** A machine with our mark and no open intent: its acquisition is over, or never was ours. */
  private Optional<String> strayed(Machine machine) throws IOException {
    var over = book.ended(machine.run(), machine.token()).isPresent();
    if (!over && age(machine.id()).compareTo(Runs.YOUNG) <= 0) {
      return Optional.empty(); // an intent may have been written since the book was read
    }
    if (book.intent(machine.token()).isPresent()) {
      return Optional.empty();
    }
    cloud.terminate(machine);
    return Optional.of(
        "machine %s: acquisition %s is %s"
            .formatted(machine.id(), machine.token(), over ? "over" : "in no book"));
  }

  private Duration age(String what) {
    var now = steady.instant();
    return Duration.between(firstSeen.computeIfAbsent(what, _ -> now), now);
  }

  private void forget(Set<String> met) {
    firstSeen
        .keySet()
        .removeIf(
            key -> !met.contains(key.replaceFirst("(" + LAUNCHED + "|" + RELEASED + ")$", "")));
  }
}
