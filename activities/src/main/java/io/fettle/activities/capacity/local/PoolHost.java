package io.fettle.activities.capacity.local;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One host's file {@code pool/{host}.json}. This package writes it when it makes the host, and when
 * an idle one has to make room; whoever gives notice and the supervisor, which starts and ends the
 * agent, change it too.
 */
record PoolHost(String host, String shape, boolean wanted, boolean noticed, boolean terminated) {
  static PoolHost read(String host, JsonNode file) {
    return new PoolHost(
        host,
        file.path("shape").asText(),
        file.path("desired").asText().equals("running"),
        file.path("notice").isObject(),
        file.path("terminated").asBoolean());
  }

  /** Whether it lives and will go on living. */
  boolean stays() {
    return wanted && !noticed && !terminated;
  }
}
