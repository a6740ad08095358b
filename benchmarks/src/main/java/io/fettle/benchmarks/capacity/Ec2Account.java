package io.fettle.benchmarks.capacity;

import io.fettle.activities.capacity.aws.Ec2Options;
import io.fettle.benchmarks.servers.LocalServers;
import io.fettle.workflows.spec.Market;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.ec2.model.Filter;
import software.amazon.awssdk.services.ec2.model.Instance;
import software.amazon.awssdk.services.ec2.model.InstanceStateName;
import software.amazon.awssdk.services.ec2.model.Subnet;
import software.amazon.awssdk.services.ec2.model.Tag;

/** An account of its own on Moto, with a launch template, seen without lag and without faults. */
public final class Ec2Account implements AutoCloseable {
  public static final String SHAPE = "a10g-24gb-x1";
  public static final String TYPE = "g5.xlarge";
  public static final String POOL = "aws";

  /** How Moto is told whose call it is. */
  static final String HEADER = "x-moto-account-id";

  private static final String REGION = "eu-west-1";
  private static final String TEMPLATE = "fettle-agent";
  private static final String IMAGE = "ami-03cf127a";
  static final double SPOT = 0.4;
  private static final double ON_DEMAND = 1.0;
  private static final double RESERVED = 0;

  private final URI moto;
  private final String id;
  private final Ec2Client client;
  private final Map<String, String> zones = new TreeMap<>();

  /**
   * @param number any, from 1; accounts do not see each other
   */
  public Ec2Account(URI moto, int number) {
    LocalServers.signIn();
    this.moto = moto;
    this.id = String.format(Locale.ROOT, "%012d", number);
    client =
        Ec2Client.builder()
            .region(Region.of(REGION))
            .endpointOverride(moto)
            .httpClient(Apache5HttpClient.create())
            .overrideConfiguration(with -> with.putHeader(HEADER, id))
            .build();
    client.createLaunchTemplate(
        template ->
            template.launchTemplateName(TEMPLATE).launchTemplateData(host -> host.imageId(IMAGE)));
    for (Subnet subnet : client.describeSubnets().subnets()) {
      zones.put(subnet.availabilityZone(), subnet.subnetId());
    }
  }

  URI moto() {
    return moto;
  }

  String id() {
    return id;
  }

  /** Three, each with its subnet. */
  public Map<String, String> zones() {
    return zones;
  }

  public static Ec2Options options(String owner, URI endpoint, Map<String, String> zones) {
    return new Ec2Options(
        POOL,
        owner,
        REGION,
        Optional.of(endpoint),
        TEMPLATE,
        zones,
        List.of(Market.SPOT, Market.ON_DEMAND, Market.RESERVED),
        Map.of(SHAPE, List.of(TYPE)),
        Map.of(
            TYPE,
            Map.of(Market.SPOT, SPOT, Market.ON_DEMAND, ON_DEMAND, Market.RESERVED, RESERVED)),
        Ec2Options.Reserved.ANY_OPEN);
  }

  public List<Instance> instances() {
    return client.describeInstances().reservations().stream()
        .flatMap(reservation -> reservation.instances().stream())
        .toList();
  }

  /** All that were ever launched and carry the tag. */
  public List<Instance> instances(String tag, String value) {
    return client
        .describeInstances(
            request -> request.filters(Filter.builder().name("tag:" + tag).values(value).build()))
        .reservations()
        .stream()
        .flatMap(reservation -> reservation.instances().stream())
        .toList();
  }

  public long living(String tag, String value) {
    return instances(tag, value).stream().filter(Ec2Account::lives).count();
  }

  public static boolean lives(Instance instance) {
    return instance.state().name() == InstanceStateName.RUNNING
        || instance.state().name() == InstanceStateName.PENDING;
  }

  /** Launches one by other hands, with these tags. */
  public String launch(Map<String, String> tags) {
    var list =
        tags.entrySet().stream()
            .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
            .toList();
    var instance =
        client
            .runInstances(run -> run.imageId(IMAGE).instanceType(TYPE).minCount(1).maxCount(1))
            .instances()
            .getFirst()
            .instanceId();
    if (!list.isEmpty()) {
      client.createTags(tagging -> tagging.resources(instance).tags(list));
    }
    return instance;
  }

  public void end(String instance) {
    client.terminateInstances(request -> request.instanceIds(instance));
  }

  @Override
  public void close() {
    client.close();
  }
}
