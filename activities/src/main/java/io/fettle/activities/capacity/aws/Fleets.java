package io.fettle.activities.capacity.aws;

import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.workflows.capacity.Place;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.ec2.model.CreateFleetRequest;
import software.amazon.awssdk.services.ec2.model.DefaultTargetCapacityType;
import software.amazon.awssdk.services.ec2.model.FleetLaunchTemplateConfigRequest;
import software.amazon.awssdk.services.ec2.model.FleetLaunchTemplateOverridesRequest;
import software.amazon.awssdk.services.ec2.model.FleetLaunchTemplateSpecificationRequest;
import software.amazon.awssdk.services.ec2.model.FleetOnDemandAllocationStrategy;
import software.amazon.awssdk.services.ec2.model.FleetType;
import software.amazon.awssdk.services.ec2.model.ResourceType;
import software.amazon.awssdk.services.ec2.model.SpotAllocationStrategy;
import software.amazon.awssdk.services.ec2.model.SpotInstanceInterruptionBehavior;
import software.amazon.awssdk.services.ec2.model.Tag;
import software.amazon.awssdk.services.ec2.model.TagSpecification;

/**
 * One machine as a fleet of type instant: tried once, over all places of an offer, with the errors
 * of each in the reply. A fleet cannot change its template's user data, so what differs from one
 * machine to the next is in its tags, which it reads from its metadata server.
 */
final class Fleets {
  static final String OWNER = "fettle-owner";
  static final String POOL = "fettle-pool";
  static final String RUN = "fettle-run";
  static final String ACQUISITION = "fettle-acquisition";
  private static final String SHAPE = "fettle-shape";

  /**
   * How long after its last renewal a host ends itself, as {@code PT15M}. No time of day: a repeat
   * of the call must be the same to the letter, or EC2 refuses its token.
   */
  private static final String EXPIRY = "fettle-expiry";

  /** How long it may take to save before that, as {@code PT3M30S}. */
  private static final String GRACE = "fettle-grace";

  private static final String NAME = "Name";
  private static final String DEFAULT_VERSION = "$Default";

  private Fleets() {}

  /** The same for the same intent, always: EC2 compares a repeat with the first. */
  static CreateFleetRequest request(Ec2Options options, Intent intent) {
    var places = intent.offer().places();
    var request =
        CreateFleetRequest.builder()
            .clientToken(intent.token())
            .type(FleetType.INSTANT)
            .launchTemplateConfigs(
                FleetLaunchTemplateConfigRequest.builder()
                    .launchTemplateSpecification(template(options))
                    .overrides(overrides(options, places))
                    .build())
            .targetCapacitySpecification(
                target -> target.totalTargetCapacity(1).defaultTargetCapacityType(kind(intent)))
            .tagSpecifications(
                TagSpecification.builder()
                    .resourceType(ResourceType.INSTANCE)
                    .tags(tags(options, intent))
                    .build());
    switch (intent.offer().market()) {
      case SPOT ->
          request.spotOptions(
              spot ->
                  spot.allocationStrategy(SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED)
                      .instanceInterruptionBehavior(SpotInstanceInterruptionBehavior.TERMINATE));
      case RESERVED -> request.reservedCapacityOptions(options.reserved().fleetOptions());
      case ON_DEMAND, OWNED ->
          request.onDemandOptions(
              plain -> plain.allocationStrategy(FleetOnDemandAllocationStrategy.LOWEST_PRICE));
    }
    return request.build();
  }

  private static DefaultTargetCapacityType kind(Intent intent) {
    return switch (intent.offer().market()) {
      case SPOT -> DefaultTargetCapacityType.SPOT;
      case RESERVED -> DefaultTargetCapacityType.RESERVED_CAPACITY;
      case ON_DEMAND, OWNED -> DefaultTargetCapacityType.ON_DEMAND;
    };
  }

  private static FleetLaunchTemplateSpecificationRequest template(Ec2Options options) {
    var template = FleetLaunchTemplateSpecificationRequest.builder().version(DEFAULT_VERSION);
    return options.launchTemplate().startsWith("lt-")
        ? template.launchTemplateId(options.launchTemplate()).build()
        : template.launchTemplateName(options.launchTemplate()).build();
  }

  private static List<FleetLaunchTemplateOverridesRequest> overrides(
      Ec2Options options, List<Place> places) {
    var overrides = new ArrayList<FleetLaunchTemplateOverridesRequest>();
    for (var place : places) {
      var subnet = options.zones().getOrDefault(place.zone(), "");
      var override = FleetLaunchTemplateOverridesRequest.builder().instanceType(place.type());
      overrides.add(
          subnet.isEmpty()
              ? override.availabilityZone(place.zone()).build()
              : override.subnetId(subnet).build());
    }
    return overrides;
  }

  private static List<Tag> tags(Ec2Options options, Intent intent) {
    return List.of(
        tag(OWNER, options.owner()),
        tag(POOL, options.pool()),
        tag(RUN, intent.by().run()),
        tag(ACQUISITION, intent.token()),
        tag(SHAPE, intent.offer().shape()),
        tag(EXPIRY, intent.terms().lease().toString()),
        tag(GRACE, intent.saving().toString()),
        tag(NAME, "fettle " + intent.by().run()));
  }

  private static Tag tag(String key, String value) {
    return Tag.builder().key(key).value(value).build();
  }
}
