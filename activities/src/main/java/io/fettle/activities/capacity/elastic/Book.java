package io.fettle.activities.capacity.elastic;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Capacity.Standing;
import io.fettle.activities.capacity.policy.Purse;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is known of every acquisition, in the store. While one is open it has a folder {@code
 * capacity/open/{pool}/{token}/} of marks that are written once and never changed; its end is one
 * record {@code runs/{run}/acquisitions/{token}.json}, written before the marks go.
 *
 * <p>A claim is a mark before a look at the release, a release a mark before anything is ended: so
 * of a claim and a release at once, either the claim fails or the host is ended after it.
 */
final class Book {
  private static final String OPEN = "capacity/open/";
  private static final String INTENT = "intent.json";
  private static final String ADMITTED = "admitted.json";
  private static final String LAUNCHED = "launched.json";
  private static final String CLAIM = "claim.json";
  private static final String DEAD = "dead.json";
  private static final String RELEASED = "released.json";

  /** A hint that expires: see {@link ObjectStore}. */
  private static final String RENEWED = "renewed.alive";

  /** No cloud's pool lets its hosts take longer to join. */
  private static final Duration START = Duration.ofMinutes(30);

  private final ObjectStore store;
  private final String pool;

  Book(ObjectStore store, String pool) {
    this.store = store;
    this.pool = pool;
  }

  /** The machine that an acquisition got, and since when it may have cost money. */
  record Launch(String machine, Place place, Instant at) {}

  /** The host that answered, by its agent's word. */
  record Joined(String host, String boot, Instant at) {}

  record Released(String reason, Instant at) {}

  /**
   * The end of an acquisition.
   *
   * @param machine the provider's id; empty: none was launched
   * @param ended when it was closed, or its provider first called the machine dead
   * @param dollars by the offer's price and the control side's clock; null: the price is not known
   */
  record Ended(
      String token,
      String pool,
      String shape,
      Market market,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Place place,
      String machine,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Instant launched,
      Instant ended,
      double seconds,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Double dollars,
      boolean joined,
      String reason) {}

  List<String> open() throws IOException {
    var tokens = new TreeSet<String>();
    var prefix = OPEN + pool + "/";
    for (var object : store.list(prefix)) {
      var rest = object.key().substring(prefix.length());
      tokens.add(rest.substring(0, Math.max(0, rest.indexOf('/'))));
    }
    return List.copyOf(tokens);
  }

  /** The pools that have open acquisitions. */
  static Set<String> pools(ObjectStore store) throws IOException {
    var pools = new TreeSet<String>();
    for (var object : store.list(OPEN)) {
      pools.add(object.key().substring(OPEN.length()).split("/", 2)[0]);
    }
    return pools;
  }

  /** What is open and may cost money. */
  List<Standing> standing(Instant now) throws IOException {
    var standing = new ArrayList<Standing>();
    for (var token : open()) {
      standing(token, now).ifPresent(standing::add);
    }
    return standing;
  }

  Optional<Standing> standing(String token, Instant now) throws IOException {
    var launch = launch(token);
    var admitted = admitted(token, launch);
    var released = released(token);
    var intent = intent(token); // the last mark that goes
    if (intent.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Standing(
            token,
            pool,
            intent.get().by(),
            intent.get().terms(),
            intent.get().offer().market(),
            launch.map(Launch::place).or(() -> dearest(intent.get().offer())),
            admitted.orElse(now),
            until(intent.get(), launch.isPresent(), admitted, released, now),
            admitted.isPresent(),
            released.isPresent()));
  }

  /** Of one that was launched, when that was: an older release noted no admission. */
  private Optional<Instant> admitted(String token, Optional<Launch> launch) throws IOException {
    return launch.isPresent() ? launch.map(Launch::at) : admitted(token);
  }

  private static Optional<Place> dearest(Offer offer) {
    return offer.places().stream().max(Comparator.comparingDouble(Place::dollarsPerHour));
  }

  /** The intent as it was first written: a retry cannot change what is asked for. */
  Intent intend(Intent intent) throws IOException {
    store.putIfAbsent(key(intent.token(), INTENT), bytes(intent));
    return intent(intent.token()).orElse(intent);
  }

  Optional<Intent> intent(String token) throws IOException {
    return find(key(token, INTENT), Intent.class);
  }

  /** Notes that it may be launched, before that is tried. */
  void admit(String token, Instant now) throws IOException {
    store.putIfAbsent(key(token, ADMITTED), bytes(now));
  }

  boolean isAdmitted(String token) throws IOException {
    return admitted(token).isPresent();
  }

  private Optional<Instant> admitted(String token) throws IOException {
    return find(key(token, ADMITTED), Instant.class);
  }

  /**
   * Notes a machine whose launch was answered to nobody. When that was is not known, but not before
   * it was admitted: it is billed from there.
   */
  Launch adopted(String token, Machine machine, Instant now) throws IOException {
    return launched(token, machine, admitted(token).orElse(now));
  }

  Launch launched(String token, Machine machine, Instant now) throws IOException {
    var launch = new Launch(machine.id(), machine.place(), now);
    store.putIfAbsent(key(token, LAUNCHED), bytes(launch));
    return launch(token).orElse(launch);
  }

  Optional<Launch> launch(String token) throws IOException {
    return find(key(token, LAUNCHED), Launch.class);
  }

  /** Notes that the provider calls its machine dead: from then on it costs nothing. */
  void died(String token, Instant now) throws IOException {
    store.putIfAbsent(key(token, DEAD), bytes(now));
  }

  /**
   * Now, or since when it costs no more: its provider called its host dead, or the host has ended
   * itself. It does so where nobody hears of its release, and where nobody ever saw it, which is
   * then renewed no longer than a start may take.
   */
  private Instant until(
      Intent intent,
      boolean launched,
      Optional<Instant> admitted,
      Optional<Released> released,
      Instant now)
      throws IOException {
    var alone = Purse.stopping(intent.terms());
    var ends = new ArrayList<>(List.of(now));
    find(key(intent.token(), DEAD), Instant.class).ifPresent(ends::add);
    if (launched) {
      released.map(known -> known.at().plus(alone)).ifPresent(ends::add);
    } else {
      released.map(Released::at).ifPresent(ends::add);
      admitted.map(at -> at.plus(START).plus(alone)).ifPresent(ends::add);
    }
    return Collections.min(ends);
  }

  /**
   * Marks that a host has the token.
   *
   * @return false if another host or boot has it, or the token was released or has ended
   */
  boolean join(String token, Joined host) throws IOException {
    if (intent(token).isEmpty()) {
      return false;
    }
    if (!store.putIfAbsent(key(token, CLAIM), bytes(host))) {
      var first = joined(token);
      if (first.isEmpty()
          || !first.get().host().equals(host.host())
          || !first.get().boot().equals(host.boot())) {
        return false;
      }
    }
    return !isReleased(token);
  }

  Optional<Joined> joined(String token) throws IOException {
    return find(key(token, CLAIM), Joined.class);
  }

  void release(String token, String reason, Instant now) throws IOException {
    store.putIfAbsent(key(token, RELEASED), bytes(new Released(reason, now)));
  }

  /** Released, or over altogether. */
  boolean isReleased(String token) throws IOException {
    return released(token).isPresent() || intent(token).isEmpty();
  }

  Optional<Released> released(String token) throws IOException {
    return find(key(token, RELEASED), Released.class);
  }

  /** Says that the control side still wants the host; the bytes differ each time. */
  void renew(String token, Instant now) throws IOException {
    store.put(key(token, RENEWED), bytes(now));
  }

  /** Whatever was written last; empty before the first renewal. */
  Optional<byte[]> renewed(String token) throws IOException {
    return store.find(key(token, RENEWED));
  }

  Optional<Ended> ended(String run, String token) throws IOException {
    return find(endedOf(run) + token + ".json", Ended.class);
  }

  /** Closes the acquisition: its record first, then its marks, the intent last. */
  Ended end(Intent intent, String reason, Instant now) throws IOException {
    var token = intent.token();
    var launch = launch(token);
    var until = until(intent, launch.isPresent(), admitted(token, launch), released(token), now);
    var seconds = launch.map(known -> seconds(known.at(), until)).orElse(0.0);
    var price = launch.map(known -> known.place().dollarsPerHour()).orElse(0.0);
    var ended =
        new Ended(
            token,
            pool,
            intent.offer().shape(),
            intent.offer().market(),
            launch.map(Launch::place).orElse(null),
            launch.map(Launch::machine).orElse(""),
            launch.map(Launch::at).orElse(null),
            until,
            seconds,
            price < 0 ? null : dollars(price, seconds),
            joined(token).isPresent(),
            reason);
    store.putIfAbsent(endedOf(intent.by().run()) + token + ".json", bytes(ended));
    forget(token);
    return ended;
  }

  /** Removes the marks, the intent last. A claim that lost a race with the end may leave one. */
  void forget(String token) throws IOException {
    for (var mark : List.of(RENEWED, LAUNCHED, DEAD, CLAIM, RELEASED, ADMITTED, INTENT)) {
      store.delete(key(token, mark));
    }
  }

  static double dollars(double pricePerHour, double seconds) {
    return pricePerHour * seconds / Duration.ofHours(1).toSeconds();
  }

  static double seconds(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toMillis() / 1000.0);
  }

  /** Where the ends of one run's acquisitions lie, in all pools. */
  static String endedOf(String run) {
    return "runs/" + run + "/acquisitions/";
  }

  private String key(String token, String mark) {
    return OPEN + pool + "/" + token + "/" + mark;
  }

  private <T> Optional<T> find(String key, Class<T> type) throws IOException {
    var found = store.find(key);
    return found.isEmpty()
        ? Optional.empty()
        : Optional.of(Wire.mapper().readValue(found.get(), type));
  }

  private static byte[] bytes(Object value) throws IOException {
    return Wire.mapper().writeValueAsBytes(value);
  }
}
