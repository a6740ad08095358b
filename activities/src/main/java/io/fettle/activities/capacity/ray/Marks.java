package io.fettle.activities.capacity.ray;

import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.spec.Market;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a job carries: whose it is, for what, and what its agent is told. The same for the same
 * intent, always.
 */
final class Marks {
  static final String OWNER = "fettle-owner";
  static final String POOL = "fettle-pool";
  static final String RUN = "fettle-run";
  static final String ACQUISITION = "fettle-acquisition";
  static final String SHAPE = "fettle-shape";
  static final String TYPE = "fettle-type";
  static final String MARKET = "fettle-market";

  /** How long after its last renewal a host ends itself, as {@code PT15M}. */
  static final String EXPIRY = "fettle-expiry";

  /**
   * Between the signal to stop and the kill. Ray's own three seconds are too few to save in; its
   * supervisor of a job reads this in the job's environment.
   */
  private static final String STOP_WAIT = "RAY_JOB_STOP_WAIT_TIME_S";

  private Marks() {}

  /**
   * A job's name follows from its token, so that a repeat meets the first one. KubeRay takes names
   * of up to 47 characters, and this is at most that.
   */
  static String name(String token) {
    return "fettle-" + token;
  }

  static Map<String, String> of(RayOptions options, Intent intent) {
    var marks = new LinkedHashMap<String, String>();
    marks.put(OWNER, options.owner());
    marks.put(POOL, options.pool());
    marks.put(RUN, intent.by().run());
    marks.put(ACQUISITION, intent.token());
    marks.put(SHAPE, intent.offer().shape());
    marks.put(TYPE, place(intent).type());
    marks.put(MARKET, intent.offer().market().name());
    marks.put(EXPIRY, intent.terms().lease().toString());
    return marks;
  }

  /** An intent names at least one place, and here it never names two. */
  static Place place(Intent intent) {
    return intent.offer().places().getFirst();
  }

  static boolean areOf(RayOptions options, Map<String, String> marks) {
    return options.owner().equals(marks.get(OWNER)) && options.pool().equals(marks.get(POOL));
  }

  static Machine machine(
      RayOptions options,
      String id,
      Map<String, String> marks,
      HostState state,
      String detail,
      String zone) {
    var type = marks.getOrDefault(TYPE, "");
    var market = market(marks.getOrDefault(MARKET, ""));
    return new Machine(
        id,
        marks.getOrDefault(ACQUISITION, ""),
        marks.getOrDefault(RUN, ""),
        state,
        detail,
        new Place(type, zone, options.price(marks.getOrDefault(SHAPE, ""), type, market)));
  }

  private static Market market(String name) {
    for (var market : Market.values()) {
      if (market.name().equals(name)) {
        return market;
      }
    }
    return Market.OWNED;
  }

  /** The agent's settings; a stop of the job is its notice. */
  static Map<String, String> agent(RayOptions options, Intent intent) {
    var stop = intent.terms().stop();
    var agent = new LinkedHashMap<>(options.environment());
    agent.put("AGENT_HOST", name(intent.token()));
    agent.put("AGENT_POOL", options.pool());
    agent.put("AGENT_SHAPE", intent.offer().shape());
    agent.put("AGENT_TOKEN", intent.token());
    agent.put("AGENT_LEASE", intent.terms().lease().toString());
    agent.put("AGENT_GRACE", intent.saving().toString());
    agent.put("AGENT_SHARED", "true"); // a job or a pod has but a part of its node
    agent.put("AGENT_SIGNAL", "kubernetes");
    agent.put("AGENT_NOTICE_WINDOW", stop.toString());
    agent.put(STOP_WAIT, String.valueOf(Math.max(1, stop.toSeconds())));
    return agent;
  }
}
