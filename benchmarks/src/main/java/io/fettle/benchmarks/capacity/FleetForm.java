package io.fettle.benchmarks.capacity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A call of EC2's query protocol, as its fields. */
public record FleetForm(Map<String, String> fields) {
  private static final String OVERRIDES = "LaunchTemplateConfigs.1.Overrides.";

  /** A type and where, in the caller's words: a zone's name or a subnet. */
  public record Place(String type, String where) {}

  static FleetForm parse(String form) {
    var fields = new TreeMap<String, String>();
    for (var pair : form.split("&")) {
      var sides = pair.split("=", 2);
      fields.put(
          URLDecoder.decode(sides[0], UTF_8),
          sides.length == 1 ? "" : URLDecoder.decode(sides[1], UTF_8));
    }
    return new FleetForm(fields);
  }

  String field(String name) {
    return fields.getOrDefault(name, "");
  }

  String encoded() {
    return fields.entrySet().stream()
        .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
        .collect(Collectors.joining("&"));
  }

  FleetForm with(String name, String value) {
    var more = new TreeMap<>(fields);
    more.put(name, value);
    return new FleetForm(more);
  }

  /** Values of a list, {@code InstanceId.1} and on. */
  List<String> list(String name) {
    var values = new ArrayList<String>();
    for (int i = 1; fields.containsKey(name + "." + i); i++) {
      values.add(field(name + "." + i));
    }
    return values;
  }

  List<Place> places() {
    var places = new ArrayList<Place>();
    for (int i = 1; fields.containsKey(OVERRIDES + i + ".InstanceType"); i++) {
      var zone = field(OVERRIDES + i + ".AvailabilityZone");
      places.add(
          new Place(
              field(OVERRIDES + i + ".InstanceType"),
              zone.isEmpty() ? field(OVERRIDES + i + ".SubnetId") : zone));
    }
    return places;
  }

  /** The same fleet over fewer places. */
  FleetForm over(List<Place> places) {
    var kept = new TreeMap<>(fields);
    kept.keySet().removeIf(name -> name.startsWith(OVERRIDES));
    for (int i = 0; i < places.size(); i++) {
      var place = places.get(i);
      kept.put(OVERRIDES + (i + 1) + ".InstanceType", place.type());
      kept.put(OVERRIDES + (i + 1) + "." + key(place), place.where());
    }
    return new FleetForm(kept);
  }

  static String key(Place place) {
    return place.where().startsWith("subnet-") ? "SubnetId" : "AvailabilityZone";
  }
}
