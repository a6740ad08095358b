package io.fettle.benchmarks.capacity.gcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The machines and operations of one project, on its own clock. Guarded by its server. */
final class GceProject {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LINK = "https://www.googleapis.com/compute/v1/projects/p/";

  private final InstantSource clock;
  private final Times times;
  private final Map<String, Vm> machines = new TreeMap<>(); // by zone/name
  private final Map<String, Act> acts = new TreeMap<>(); // by zone/name
  private final Map<String, ObjectNode> templates = new TreeMap<>();
  private int number;

  /**
   * How long things take.
   *
   * @param operation from an insert until its operation is done
   * @param pending from an insert until its machine runs
   * @param lag from an insert until lists have its machine
   */
  record Times(Duration operation, Duration pending, Duration lag) {
    static final Times NONE = new Times(Duration.ZERO, Duration.ZERO, Duration.ZERO);
  }

  /** A machine. */
  private static final class Vm {
    final ObjectNode json;
    final Instant made;
    String status = ""; // empty: by its age

    Vm(ObjectNode json, Instant made) {
      this.json = json;
      this.made = made;
    }
  }

  /** An operation; the error comes to light when it is done. */
  private record Act(
      String zone, String name, String type, String target, Instant done, String error) {}

  GceProject(InstantSource clock, Times times) {
    this.clock = clock;
    this.times = times;
  }

  void keepTemplate(String name, ObjectNode properties) {
    var template = JSON.createObjectNode().put("name", name);
    template.set("properties", properties);
    templates.put(name, template);
  }

  Optional<ObjectNode> template(String name) {
    return Optional.ofNullable(templates.get(name));
  }

  boolean has(String zone, String name) {
    settle();
    return machines.containsKey(zone + "/" + name);
  }

  /**
   * Begins to make one.
   *
   * @param error code with which the operation will end; empty: none
   */
  String insert(String zone, ObjectNode template, ObjectNode request, String error) {
    var name = request.path("name").asText();
    var properties = (ObjectNode) template.path("properties").deepCopy();
    var json = (ObjectNode) merged(properties, request);
    json.put("id", String.valueOf(++number));
    json.put("zone", LINK + "zones/" + zone);
    json.put("machineType", LINK + json.path("machineType").asText());
    machines.put(zone + "/" + name, new Vm(json, clock.instant()));
    return act(zone, "insert", name, times.operation(), error);
  }

  /** RFC 7396. */
  private static JsonNode merged(ObjectNode target, ObjectNode patch) {
    for (var field : patch.properties()) {
      var value = field.getValue();
      if (value.isNull()) {
        target.remove(field.getKey());
      } else if (value.isObject()) {
        var into =
            target.path(field.getKey()).isObject()
                ? (ObjectNode) target.path(field.getKey())
                : JSON.createObjectNode();
        target.set(field.getKey(), merged(into, (ObjectNode) value));
      } else {
        target.set(field.getKey(), value);
      }
    }
    return target;
  }

  private String act(String zone, String type, String target, Duration takes, String error) {
    var name = "operation-" + ++number;
    var done = clock.instant().plus(takes);
    acts.put(zone + "/" + name, new Act(zone, name, type, target, done, error));
    settle();
    return name;
  }

  /** What failed by now is undone. */
  private void settle() {
    for (var act : acts.values()) {
      if (act.type().equals("insert") && !act.error().isEmpty() && isDone(act)) {
        machines.remove(act.zone() + "/" + act.target());
      }
    }
  }

  private boolean isDone(Act act) {
    return !clock.instant().isBefore(act.done());
  }

  String delete(String zone, String name) {
    machines.remove(zone + "/" + name);
    return act(zone, "delete", name, Duration.ZERO, "");
  }

  /** Taken back by its provider. */
  void preempt(String zone, String name) {
    act(zone, "compute.instances.preempted", name, Duration.ZERO, "");
    end(zone, name);
  }

  /** Ended from within, or by its host. */
  void stop(String zone, String name) {
    act(zone, "compute.instances.guestTerminate", name, Duration.ZERO, "");
    vm(zone, name).status = "TERMINATED";
  }

  private void end(String zone, String name) {
    var vm = vm(zone, name);
    if (vm.json.path("scheduling").path("instanceTerminationAction").asText().equals("DELETE")) {
      machines.remove(zone + "/" + name);
    } else {
      vm.status = "TERMINATED";
    }
  }

  private Vm vm(String zone, String name) {
    var vm = machines.get(zone + "/" + name);
    if (vm == null) {
      throw new IllegalArgumentException(
          "no machine %s in %s; there are %s".formatted(name, zone, machines.keySet()));
    }
    return vm;
  }

  /** Asked for by its name: it is there from the first. */
  Optional<ObjectNode> machine(String zone, String name) {
    settle();
    return Optional.ofNullable(machines.get(zone + "/" + name)).map(this::seen);
  }

  /** As lists show them. */
  List<ObjectNode> listed() {
    settle();
    return machines.values().stream()
        .filter(vm -> !isYounger(vm, times.lag()))
        .map(this::seen)
        .toList();
  }

  /** All that there are, without lag. */
  Collection<ObjectNode> machines() {
    settle();
    var all = new ArrayList<ObjectNode>();
    machines.values().forEach(vm -> all.add(seen(vm)));
    return all;
  }

  private boolean isYounger(Vm vm, Duration age) {
    return clock.instant().isBefore(vm.made.plus(age));
  }

  private ObjectNode seen(Vm vm) {
    var json = vm.json.deepCopy();
    var young = isYounger(vm, times.pending().dividedBy(2)) ? "PROVISIONING" : "STAGING";
    var status = isYounger(vm, times.pending()) ? young : "RUNNING";
    return json.put("status", vm.status.isEmpty() ? status : vm.status);
  }

  Optional<ObjectNode> operation(String zone, String name) {
    return Optional.ofNullable(acts.get(zone + "/" + name)).map(this::seen);
  }

  /** Of one zone. */
  List<ObjectNode> operations(String zone) {
    return acts.values().stream().filter(act -> act.zone().equals(zone)).map(this::seen).toList();
  }

  private ObjectNode seen(Act act) {
    var json =
        JSON.createObjectNode()
            .put("name", act.name())
            .put("zone", LINK + "zones/" + act.zone())
            .put("operationType", act.type())
            .put("targetLink", LINK + "zones/" + act.zone() + "/instances/" + act.target())
            .put("status", isDone(act) ? "DONE" : "RUNNING");
    if (act.type().equals("compute.instances.preempted")) {
      json.put("statusMessage", "Instance was preempted.");
    }
    if (isDone(act) && !act.error().isEmpty()) {
      json.put("httpErrorStatusCode", 503).put("httpErrorMessage", "SERVICE UNAVAILABLE");
      json.putObject("error")
          .putArray("errors")
          .addObject()
          .put("code", act.error())
          .put("message", "as it was told to");
    }
    return json;
  }
}
