package io.fettle.cli.local;

import java.util.TreeMap;

/** {@code state/endpoints.json}: the port of each endpoint's address. */
final class EndpointPorts extends TreeMap<String, Integer> {
  private static final long serialVersionUID = 1;
}
