package io.fettle.benchmarks.capacity.gcp;

import io.fettle.activities.capacity.Refusal.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Error codes of Compute Engine as they are documented, with what has to follow. Those of small
 * letters are reasons of a refused call, the others are of an operation.
 */
enum GceCode {
  POOL_EXHAUSTED(
      "ZONE_RESOURCE_POOL_EXHAUSTED", 0, Kind.STOCKOUT, "guide, resource availability errors"),
  POOL_EXHAUSTED_WITH_DETAILS(
      "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS",
      0,
      Kind.STOCKOUT,
      "guide, resource availability errors; skypilot 831"),
  POOL_EXHAUSTED_ANYWHERE(
      "RESOURCE_POOL_EXHAUSTED", 0, Kind.STOCKOUT, "cluster-autoscaler, its error table"),
  NO_ADDRESSES("IP_SPACE_EXHAUSTED", 0, Kind.STOCKOUT, "cluster-autoscaler, its error table"),
  TAKEN_BACK_WHILE_MADE("UNSUPPORTED_OPERATION", 0, Kind.STOCKOUT, "skypilot, its failover"),
  FUTURE_STOCKOUT(
      "ZONE_RESOURCE_POOL_EXHAUSTED_UNTIL_NOON", 0, Kind.STOCKOUT, "skypilot 831, its lesson"),
  NO_CAPACITY("insufficientCapacity", 503, Kind.STOCKOUT, "guide, bulk VM creation"),
  QUOTA("QUOTA_EXCEEDED", 0, Kind.QUOTA, "guide, Troubleshoot quota errors"),
  QUOTA_OF_THE_CALL("quotaExceeded", 403, Kind.QUOTA, "guide, bulk VM creation"),
  RATE("rateLimitExceeded", 403, Kind.THROTTLE, "guide, Concurrent operation quotas"),
  RATE_OF_THE_USER("userRateLimitExceeded", 403, Kind.THROTTLE, "guide, API rate quotas"),
  TOO_MANY("rateLimitExceeded", 429, Kind.THROTTLE, "error catalog"),
  NOT_READY("resourceNotReady", 400, Kind.THROTTLE, "guide, Troubleshooting VM creation"),
  /** In an operation a throttle is final: its request id gives it again. */
  RATE_IN_THE_OPERATION(
      "RESOURCE_OPERATION_RATE_EXCEEDED", 0, Kind.STOCKOUT, "skypilot, its failover"),
  FORBIDDEN("forbidden", 403, Kind.PERMISSION, "error catalog, PERMISSIONS_ERROR"),
  NOT_SIGNED_IN("authError", 401, Kind.PERMISSION, "guide, Troubleshoot IAM permissions"),
  API_IS_OFF("accessNotConfigured", 403, Kind.PERMISSION, "service usage, SERVICE_DISABLED"),
  PERMISSION_IN_THE_OPERATION("PERMISSIONS_ERROR", 0, Kind.PERMISSION, "error catalog"),
  FIELD("invalid", 400, Kind.TEMPLATE, "error catalog, INVALID_FIELD_VALUE"),
  MISSING("required", 400, Kind.TEMPLATE, "error catalog, MISSING_REQUIRED_FIELD"),
  CONDITION("CONDITION_NOT_MET", 0, Kind.TEMPLATE, "cluster-autoscaler, its error table"),
  FIELD_IN_THE_OPERATION("INVALID_FIELD_VALUE", 0, Kind.TEMPLATE, "error catalog"),
  /** Its disk has the name still. */
  DISK_TAKEN("RESOURCE_ALREADY_EXISTS", 0, Kind.UNKNOWN, "error catalog"),
  UNHEARD_OF("zoneIsOnHoliday", 400, Kind.UNKNOWN, "none: no list of codes is the last one"),
  UNHEARD_OF_IN_THE_OPERATION("ZONE_IS_ON_HOLIDAY", 0, Kind.UNKNOWN, "none, as above"),
  /** Says nothing about whether a machine exists: no refusal, the same token again. */
  INTERNAL("internalError", 500, null, "error catalog"),
  BACKEND("backendError", 503, null, "error catalog, SERVICE_UNAVAILABLE_FOR_LOCATION");

  private final String code;
  private final int status;
  private final Optional<Kind> kind;
  private final String source;

  GceCode(String code, int status, @Nullable Kind kind, String source) {
    this.code = code;
    this.status = status;
    this.kind = Optional.ofNullable(kind);
    this.source = source;
  }

  String code() {
    return code;
  }

  boolean isOfAnOperation() {
    return status == 0;
  }

  int status() {
    return status;
  }

  /** Empty: whether there is a machine is not known. */
  Optional<Kind> kind() {
    return kind;
  }

  String source() {
    return source;
  }
}
