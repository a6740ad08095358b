package io.fettle.benchmarks.capacity.gcp;

import java.util.Locale;

/**
 * What Compute Engine does, one line each: the table that {@link DocumentedGce} follows. Its test
 * is named for each line. "Reference" is that of the REST API, version 1.
 */
enum GceFact {
  OPERATION_FIRST(
      "an insert answers with an operation; while that goes on, its machine is PROVISIONING",
      "guide, Handling API responses; guide, Compute Engine instance lifecycle"),
  REQUEST_ID(
      "an insert with the request id of an earlier one makes nothing and answers as that one",
      "reference, instances.insert, requestId; for how long is not said"),
  NAME_TAKEN(
      "a name that a machine of the zone has is refused with 409 alreadyExists",
      "reference, instances, name; error catalog"),
  STOCKOUT_IN_THE_OPERATION(
      "no room is an operation that ends with an error, after a call that succeeded",
      "guide, Troubleshoot resource availability errors; reference, zoneOperations, error"),
  RATE_LIMIT_MAKES_NOTHING(
      "a call over the rate is refused with 403 rateLimitExceeded, and no operation begins",
      "guide, Concurrent operation quotas"),
  WAIT_IS_BEST_EFFORT(
      "wait hangs for up to two minutes, and may answer at once that it is not done",
      "reference, zoneOperations.wait"),
  REPLY_LOST(
      "a call may time out although it went through",
      "reference, instances.insert, requestId, its example"),
  TEMPLATE_IS_MERGED(
      "of a template and a request objects are merged and lists are replaced",
      "guide, Create a VM from an instance template, overrides: RFC 7396"),
  TEMPLATE_IS_MISSING(
      "an insert from a template that is not there is refused with 404 notFound", "error catalog"),
  TYPE_IS_NOT_OFFERED(
      "a machine type that the zone does not have is refused with 400 invalid",
      "guide, Troubleshooting VM creation"),
  LABELS_ARE_CHECKED(
      "a label's value is at most 63 of a-z, 0-9, _ and -",
      "guide, Labeling resources, requirements"),
  SPOT_DOES_NOT_RESTART(
      "a spot machine with automatic restart is refused",
      "reference, instances, scheduling.automaticRestart"),
  PREEMPTION_DELETES(
      "a spot machine whose termination action is DELETE is gone when it was taken back; the operation compute.instances.preempted stays for some days",
      "guide, Create and use Spot VMs, instanceTerminationAction and detecting preemption"),
  STOPPED_REMAINS(
      "a machine that stopped is TERMINATED, is listed, and keeps its disk and name",
      "guide, Compute Engine instance lifecycle"),
  FILTERS(
      "lists take filters of labels, each in brackets",
      "reference, instances.aggregatedList, filter"),
  PAGES(
      "lists are given a page at a time",
      "reference, instances.aggregatedList and zoneOperations.list, maxResults"),
  UNREACHABLE_ZONE(
      "a zone that does not answer is a warning in a list, not an error",
      "reference, instances.aggregatedList, items.warning.code and unreachables"),
  LISTS_LAG("what was just made may be missing in a list", "not documented; as on other clouds"),
  DELETE_OF_THE_GONE("deleting what is not there is 404 notFound", "error catalog");

  private final String sentence;
  private final String source;

  GceFact(String sentence, String source) {
    this.sentence = sentence;
    this.source = source;
  }

  /** The beginning of its test's name. */
  String testName() {
    return name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String toString() {
    return sentence + " (" + source + ")";
  }
}
