package io.fettle.benchmarks.capacity;

import io.fettle.activities.capacity.Refusal.Kind;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Error codes of EC2 as they are documented, with what has to follow; "overview" is errors-overview
 * of its API reference.
 */
public enum Ec2Code {
  INSUFFICIENT_INSTANCE_CAPACITY(
      "InsufficientInstanceCapacity", 500, Kind.STOCKOUT, "overview, server errors"),
  UNFULFILLABLE_CAPACITY("UnfulfillableCapacity", 500, Kind.STOCKOUT, "overview, server errors"),
  INSUFFICIENT_HOST_CAPACITY(
      "InsufficientHostCapacity", 500, Kind.STOCKOUT, "overview, server errors"),
  INSUFFICIENT_RESERVED(
      "InsufficientReservedInstanceCapacity", 500, Kind.STOCKOUT, "overview, server errors"),
  RESERVATION_CAPACITY(
      "ReservationCapacityExceeded", 400, Kind.STOCKOUT, "overview, client errors of an action"),
  NO_ADDRESSES(
      "InsufficientFreeAddressesInSubnet",
      400,
      Kind.STOCKOUT,
      "overview, client errors of an action"),
  SPOT_QUOTA("MaxSpotInstanceCountExceeded", 400, Kind.QUOTA, "user guide, using-spot-limits"),
  VCPU_QUOTA("VcpuLimitExceeded", 400, Kind.QUOTA, "overview, client errors of an action"),
  INSTANCE_QUOTA("InstanceLimitExceeded", 400, Kind.QUOTA, "overview, client errors of an action"),
  FLEET_QUOTA("MaxFleetCountExceeded", 400, Kind.QUOTA, "karpenter-provider-aws 8698"),
  PENDING_VERIFICATION("PendingVerification", 400, Kind.QUOTA, "overview, common client errors"),
  SPOT_PRICE("SpotMaxPriceTooLow", 400, Kind.PRICE, "overview, client errors of an action"),
  REQUEST_LIMIT("RequestLimitExceeded", 503, Kind.THROTTLE, "overview, common client errors"),
  THROTTLED("EC2ThrottledException", 400, Kind.THROTTLE, "AWS SDK for Java 2, AwsErrorCode"),
  UNAUTHORIZED("UnauthorizedOperation", 403, Kind.PERMISSION, "overview, common client errors"),
  AUTH_FAILURE("AuthFailure", 401, Kind.PERMISSION, "overview, common client errors"),
  SPOT_ROLE(
      "AuthFailure.ServiceLinkedRoleCreationNotPermitted",
      403,
      Kind.PERMISSION,
      "user guide, service-linked-roles-spot-instance-requests"),
  SSM_DENIED("SsmAccessDenied", 403, Kind.PERMISSION, "reinhardt-web 2027"),
  OPT_IN("OptInRequired", 401, Kind.PERMISSION, "overview, common client errors"),
  EXPIRED("RequestExpired", 400, Kind.PERMISSION, "overview, common client errors"),
  NO_TEMPLATE(
      "InvalidLaunchTemplateName.NotFoundException",
      400,
      Kind.TEMPLATE,
      "overview, client errors of an action"),
  NO_IMAGE("InvalidAMIID.NotFound", 400, Kind.TEMPLATE, "overview, client errors of an action"),
  PARAMETER("InvalidParameterValue", 400, Kind.TEMPLATE, "overview, common client errors"),
  COMBINATION("InvalidParameterCombination", 400, Kind.TEMPLATE, "overview, common client errors"),
  MISSING("MissingParameter", 400, Kind.TEMPLATE, "overview, common client errors"),
  UNSUPPORTED("Unsupported", 400, Kind.UNSUPPORTED, "overview, client errors of an action"),
  NOT_OFFERED(
      "InvalidFleetConfiguration", 400, Kind.UNSUPPORTED, "karpenter-provider-aws 476 and 6483"),
  FUTURE_STOCKOUT(
      "InsufficientInstanceCapacityWithDetails",
      500,
      Kind.STOCKOUT,
      "skypilot 831, on another cloud"),
  UNHEARD_OF("ZoneIsOnHoliday", 400, Kind.UNKNOWN, "none: no list of codes is the last one"),
  /** Says nothing about whether a machine exists: no refusal, the same token again. */
  INTERNAL("InternalError", 500, null, "overview, server errors"),
  UNAVAILABLE("Unavailable", 503, null, "overview, server errors");

  private final String code;
  private final int status;
  private final Optional<Kind> kind;
  private final String source;

  Ec2Code(String code, int status, @Nullable Kind kind, String source) {
    this.code = code;
    this.status = status;
    this.kind = Optional.ofNullable(kind);
    this.source = source;
  }

  public String code() {
    return code;
  }

  /** Of a call that fails with it as a whole. */
  public int status() {
    return status;
  }

  /** Empty: whether there is a machine is not known. */
  public Optional<Kind> kind() {
    return kind;
  }

  String source() {
    return source;
  }

  /**
   * Whether it may stand in the reply of a fleet, which is final for its token: a call that was not
   * let in makes no fleet.
   */
  boolean isOfAPlace() {
    return kind.isPresent()
        && switch (kind.get()) {
          case STOCKOUT, QUOTA, PRICE, UNSUPPORTED, UNKNOWN, TEMPLATE -> true;
          case PERMISSION -> this == SPOT_ROLE || this == UNAUTHORIZED;
          case THROTTLE -> this == REQUEST_LIMIT;
          case ENDED -> false;
        };
  }

  /** What has to follow where it stands in a fleet's reply: there a throttle is final too. */
  Optional<Kind> kindInAFleet() {
    return kind.map(own -> own == Kind.THROTTLE ? Kind.STOCKOUT : own);
  }
}
