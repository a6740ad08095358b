package io.fettle.activities.capacity.ray;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.setup.Listing;
import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.activities.capacity.setup.PoolSettings.Price;
import io.fettle.workflows.capacity.CpuShape;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * One pool of hosts that are Ray jobs.
 *
 * @param pool its name, which its jobs carry beside the owner: two pools of one owner may share a
 *     cluster
 * @param owner mark of whoever may stop its jobs
 * @param entrypoint the command that becomes the agent, on the node that has the GPUs
 * @param environment of the agent beside what differs from host to host; seen by all who may look
 *     at the jobs, so nothing secret
 * @param types by shape: names of GPUs as the cluster spells them. None at all: any GPU will do,
 *     and the shape's name only says how many
 * @param prices by shape, or by type where that has none of its own
 */
public record RayOptions(
    String pool,
    String owner,
    Where where,
    String entrypoint,
    Map<String, String> environment,
    Map<String, List<String>> types,
    Map<String, Price> prices) {
  /** The agent of an image of this release; {@code exec}, so that it is what gets the signals. */
  static final String AGENT = "exec /opt/fettle/infra/launch/worker agent";

  private static final String GPU_PRODUCT = "nvidia.com/gpu.product";
  private static final Pattern GPUS = Pattern.compile(".*-x([1-9][0-9]?)");

  public RayOptions {
    environment = new TreeMap<>(environment);
    types = new TreeMap<>(types);
    prices = new TreeMap<>(prices);
  }

  /** Who runs the jobs. */
  public sealed interface Where {}

  /**
   * A Ray cluster that is there.
   *
   * @param dashboard its head's address, as {@code http://head:8265}
   */
  public record Head(URI dashboard) implements Where {}

  /**
   * Kubernetes with KubeRay, which makes a cluster for each job and ends it with the job.
   *
   * @param endpoint of the API server; empty: the one of the pod, or of the user's kubeconfig
   * @param image has Ray and the agent
   * @param headImage has the same Ray, and may lack the agent
   * @param queue of Kueue; empty: none
   * @param serviceAccount empty: the namespace's default
   * @param secret whose keys are the agent's environment too; empty: none
   * @param cpus that a host with GPUs asks for, as Kubernetes spells quantities; empty: it asks for
   *     none
   * @param memory the same
   * @param typeLabel of nodes, whose value is the type; empty: GPU feature discovery's
   * @param markets that it offers
   * @param nodes labels of each market's nodes
   */
  public record Kubernetes(
      String endpoint,
      String namespace,
      String image,
      String headImage,
      String queue,
      String serviceAccount,
      String secret,
      String cpus,
      String memory,
      String typeLabel,
      Set<Market> markets,
      Map<Market, Map<String, String>> nodes)
      implements Where {
    public Kubernetes {
      markets = Set.copyOf(markets);
      nodes = Map.copyOf(nodes);
    }
  }

  /** Of a pool of the operator's file, which has checked the keys. */
  public static RayOptions of(PoolSettings pool, String owner, Map<String, String> environment) {
    var texts = pool.texts();
    return new RayOptions(
        pool.name(),
        owner,
        texts.containsKey("dashboard")
            ? new Head(URI.create(texts.getOrDefault("dashboard", "")))
            : kubernetes(pool),
        texts.getOrDefault("entrypoint", AGENT),
        environment,
        pool.types(),
        pool.prices());
  }

  /** The cloud of these options. */
  public Cloud cloud() {
    return switch (where) {
      case Head head -> new RayHeadCloud(this, head, InstantSource.system());
      case Kubernetes kubernetes -> new RayJobCloud(this, kubernetes, InstantSource.system());
    };
  }

  private static Kubernetes kubernetes(PoolSettings pool) {
    var texts = pool.texts();
    var image = texts.getOrDefault("image", "");
    var nodes =
        Map.of(
            Market.SPOT,
            labels(texts.getOrDefault("spot_nodes", "")),
            Market.ON_DEMAND,
            labels(texts.getOrDefault("on_demand_nodes", "")));
    return new Kubernetes(
        texts.getOrDefault("endpoint", ""),
        texts.getOrDefault("namespace", ""),
        image,
        texts.getOrDefault("head_image", image),
        texts.getOrDefault("queue", ""),
        texts.getOrDefault("service_account", ""),
        texts.getOrDefault("secret", ""),
        texts.getOrDefault("cpu", ""),
        texts.getOrDefault("memory", ""),
        texts.getOrDefault("type_label", GPU_PRODUCT),
        markets(pool.markets(), nodes),
        nodes);
  }

  /** {@code key=value,key=value}. */
  private static Map<String, String> labels(String text) {
    var labels = new LinkedHashMap<String, String>();
    for (var label : text.isBlank() ? new String[0] : text.split(",", -1)) {
      int equals = label.indexOf('=');
      labels.put(
          label.substring(0, Math.max(0, equals)).strip(), label.substring(equals + 1).strip());
    }
    return labels;
  }

  /** Where nothing says which nodes are spot, none can be asked for: such a pool has one market. */
  private static Set<Market> markets(Set<Market> named, Map<Market, Map<String, String>> nodes) {
    var spotIsKnown = named.size() == 1 || !nodes.getOrDefault(Market.SPOT, Map.of()).isEmpty();
    var markets = new ArrayList<>(named);
    if (!spotIsKnown) {
      markets.remove(Market.SPOT);
    }
    return Set.copyOf(markets);
  }

  /** How many GPUs a shape has; empty: its name does not say. */
  static OptionalInt gpus(String shape) {
    if (CpuShape.is(shape)) {
      return OptionalInt.of(0);
    }
    var match = GPUS.matcher(shape);
    return match.matches() ? OptionalInt.of(Integer.parseInt(match.group(1))) : OptionalInt.empty();
  }

  /** Cores of a host without GPUs. */
  static int cores(String shape) {
    return CpuShape.cores(shape).orElse(1);
  }

  /** Whether a type is the cluster's own word, and not a shape that stands for any. */
  boolean isNamed(String type) {
    return types.values().stream().anyMatch(names -> names.contains(type));
  }

  /** One a type: which node of the cluster it will be is the scheduler's. */
  List<Offer> offers(String shape, Market market, String zone) {
    if (gpus(shape).isEmpty()) {
      return List.of();
    }
    var names = types.isEmpty() ? List.of(shape) : types.getOrDefault(shape, List.of());
    return names.stream().map(type -> offer(shape, type, market, zone)).toList();
  }

  private Offer offer(String shape, String type, Market market, String zone) {
    return Listing.offer(pool, shape, market, new Place(type, zone, price(shape, type, market)));
  }

  /** A cluster of one's own costs nothing more, unless the operator says what it costs. */
  double price(String shape, String type, Market market) {
    var price = price(shape).or(price(type));
    return switch (market) {
      case SPOT -> price.spot();
      case ON_DEMAND, RESERVED -> price.onDemand();
      case OWNED -> Math.max(0, price.onDemand());
    };
  }

  private Price price(String key) {
    return prices.getOrDefault(key, new Price(Price.UNKNOWN, Price.UNKNOWN));
  }
}
