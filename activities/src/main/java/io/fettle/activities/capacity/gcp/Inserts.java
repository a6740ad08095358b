package io.fettle.activities.capacity.gcp;

import com.google.api.client.util.Data;
import com.google.api.services.compute.model.Instance;
import com.google.api.services.compute.model.InstanceProperties;
import com.google.api.services.compute.model.Metadata;
import com.google.api.services.compute.model.NetworkInterface;
import com.google.api.services.compute.model.Scheduling;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.workflows.spec.Market;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What differs from the template in one machine. Compute Engine merges objects of the two and
 * replaces lists (its guide "Create a VM from an instance template" names RFC 7396), so lists are
 * the template's with ours put in.
 */
final class Inserts {
  private static final String DELETE = "DELETE";
  private static final String TERMINATE = "TERMINATE";
  private static final String SPOT = "SPOT";
  private static final String STANDARD = "STANDARD";

  private final GceOptions options;
  private final Marks marks;

  Inserts(GceOptions options, Marks marks) {
    this.options = options;
    this.marks = marks;
  }

  Instance instance(Intent intent, InstanceProperties template) {
    var place = intent.offer().places().getFirst();
    var instance =
        new Instance()
            .setName(marks.name(intent.token()))
            .setMachineType("zones/%s/machineTypes/%s".formatted(place.zone(), place.type()))
            .setLabels(marks.labels(intent))
            .setMetadata(metadata(template, marks.words(intent)))
            .setScheduling(scheduling(intent.offer().market(), template));
    var subnet = options.zones().getOrDefault(place.zone(), "");
    if (!subnet.isEmpty()) {
      instance.setNetworkInterfaces(interfaces(template, subnet));
    }
    return instance;
  }

  private static Metadata metadata(InstanceProperties template, Map<String, String> words) {
    var items = new ArrayList<Metadata.Items>();
    var theirs = template.getMetadata();
    if (theirs != null && theirs.getItems() != null) {
      theirs.getItems().stream()
          .filter(item -> !words.containsKey(item.getKey()))
          .forEach(items::add);
    }
    words.forEach((key, word) -> items.add(new Metadata.Items().setKey(key).setValue(word)));
    return new Metadata().setItems(items);
  }

  /**
   * A machine that ended stays ended, in either market: its agent would come back with another
   * boot, which no claim takes. One with GPUs cannot move. A spot machine that is only stopped
   * keeps its disk and its name.
   */
  private static Scheduling scheduling(Market market, InstanceProperties template) {
    boolean spot = market == Market.SPOT;
    var theirs = template.getScheduling();
    var ours =
        new Scheduling()
            .setProvisioningModel(spot ? SPOT : STANDARD)
            .setPreemptible(spot)
            .setAutomaticRestart(false)
            .setOnHostMaintenance(TERMINATE);
    if (spot) {
      return ours.setInstanceTerminationAction(DELETE);
    }
    boolean endsSpot = theirs != null && theirs.getInstanceTerminationAction() != null;
    boolean endsAnyhow = theirs != null && theirs.getMaxRunDuration() != null;
    return endsSpot && !endsAnyhow // of no other market's without an end of its time
        ? ours.setInstanceTerminationAction(Data.nullOf(String.class))
        : ours;
  }

  private static List<NetworkInterface> interfaces(InstanceProperties template, String subnet) {
    var theirs =
        Objects.requireNonNullElse(template.getNetworkInterfaces(), List.<NetworkInterface>of());
    var first = theirs.isEmpty() ? new NetworkInterface() : theirs.getFirst().clone();
    first.setNetwork(null).setSubnetwork(subnet);
    var all = new ArrayList<NetworkInterface>(List.of(first));
    all.addAll(theirs.subList(Math.min(1, theirs.size()), theirs.size()));
    return all;
  }
}
