package io.fettle.benchmarks.capacity;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.w3c.dom.Element;

/** What has to be changed in Moto's lists, since it knows no time and no interruption. */
public final class Launches {
  static final String TERMINATION = "Server.SpotInstanceTermination";

  private final InstantSource clock;
  private final Times times;
  private final Map<String, Instant> launched = new HashMap<>(); // guarded by this
  private final Set<String> interrupted = new HashSet<>(); // guarded by this
  private final Set<String> reserved = new HashSet<>(); // guarded by this

  /**
   * How late things are.
   *
   * @param lag from a launch until lists have it
   * @param pending from a launch until it runs
   */
  public record Times(Duration lag, Duration pending) {
    public static final Times NONE = new Times(Duration.ZERO, Duration.ZERO);
  }

  Launches(InstantSource clock, Times times) {
    this.clock = clock;
    this.times = times;
  }

  /** Notes the instances in a fleet's reply. */
  synchronized void note(String reply) throws IOException {
    instances(reply).forEach(id -> launched.put(id, clock.instant()));
  }

  /** Notes that those instances run in a reservation. */
  synchronized void reserved(String reply) throws IOException {
    reserved.addAll(instances(reply));
  }

  private static List<String> instances(String reply) throws IOException {
    return Xml.all(Xml.parse(reply), "instanceIds").stream()
        .flatMap(ids -> Xml.children(ids, "item").stream())
        .map(Element::getTextContent)
        .toList();
  }

  synchronized void interrupt(String instance) {
    interrupted.add(instance);
  }

  synchronized boolean isHidden(String instance) {
    return isYounger(instance, times.lag());
  }

  private boolean isYounger(String instance, Duration age) {
    var at = launched.get(instance);
    return at != null && Duration.between(at, clock.instant()).compareTo(age) < 0;
  }

  /** A list as EC2 would give it now. */
  synchronized String seen(String reply) throws IOException {
    var document = Xml.parse(reply);
    for (var set : Xml.all(document, "reservationSet")) {
      for (var reservation : List.copyOf(Xml.children(set, "item"))) {
        see(set, reservation);
      }
    }
    return Xml.text(document);
  }

  private void see(Element set, Element reservation) {
    var instances =
        Xml.child(reservation, "instancesSet")
            .map(of -> Xml.children(of, "item"))
            .orElse(List.of());
    for (var instance : instances) {
      var id = Xml.child(instance, "instanceId").map(Element::getTextContent).orElse("");
      if (isHidden(id)) {
        set.removeChild(reservation); // a fleet's reservation has one instance
        return;
      }
      var state = Xml.child(instance, "instanceState").orElseThrow();
      var isRunning =
          Xml.child(state, "name").map(Element::getTextContent).orElse("").equals("running");
      if (isRunning && isYounger(id, times.pending())) {
        Xml.set(state, "code", "0");
        Xml.set(state, "name", "pending");
      }
      if (reserved.contains(id)) {
        Xml.set(instance, "capacityReservationId", "cr-1");
      }
      if (interrupted.contains(id)) {
        var reason =
            Xml.child(instance, "stateReason")
                .orElseGet(() -> Xml.set(instance, "stateReason", ""));
        Xml.set(reason, "code", TERMINATION);
        Xml.set(reason, "message", TERMINATION + ": Spot instance termination");
      }
    }
  }
}
