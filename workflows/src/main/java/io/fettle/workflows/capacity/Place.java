package io.fettle.workflows.capacity;

/**
 * Where a provider may put a host.
 *
 * @param type the provider's own name of the machine type, as {@code g5.xlarge}
 * @param zone the provider's own name of the zone
 * @param dollarsPerHour -1: not known
 */
public record Place(String type, String zone, double dollarsPerHour) {}
