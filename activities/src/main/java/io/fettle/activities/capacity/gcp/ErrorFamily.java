package io.fettle.activities.capacity.gcp;

import io.fettle.activities.capacity.Refusal.Kind;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What Compute Engine's error codes mean, by family. A code comes in two spellings, {@code
 * QUOTA_EXCEEDED} in an operation and {@code quotaExceeded} in a refused call: both are read
 * without signs, in small letters. The first that fits counts. "Catalog" is the error catalog of
 * the API's reference.
 */
enum ErrorFamily {
  /**
   * Limits of calls: the guides "Concurrent operation quotas" and "API rate quotas"; skypilot's
   * failover for {@code RESOURCE_OPERATION_RATE_EXCEEDED}. Before quotas: two of its names have
   * that word.
   */
  THROTTLE(
      Kind.THROTTLE,
      ".*ratelimitexceeded|.*operationrateexceeded|concurrentoperations.*|toomanyrequests"
          + "|.*ratequotaexceeded.*|operationinprogress"),

  /**
   * Something of this name is still on its way out, or not yet there: guide "Troubleshooting VM
   * creation", {@code resourceNotReady}; skypilot's failover: the machine is still stopping.
   */
  NOT_READY(Kind.THROTTLE, "resourcenotready|resourceinuse.*|.*isbeingdeleted|fingerprint.*"),

  /** The deterministic name is there: reference of insert, 409; catalog. */
  TAKEN(Kind.UNKNOWN, "(resource)?alreadyexists|duplicate"),

  /**
   * Guide "Troubleshoot resource availability errors" and skypilot 831 for the two spellings of
   * {@code ZONE_RESOURCE_POOL_EXHAUSTED}, cluster-autoscaler's error table for those without a zone
   * and for {@code IP_SPACE_EXHAUSTED}; guide "Troubleshooting bulk VM creation" for {@code
   * insufficientCapacity} and {@code VM_MIN_COUNT_NOT_REACHED}; {@code UNSUPPORTED_OPERATION} is
   * seen where a spot machine is taken back while it is made (skypilot's failover).
   */
  STOCKOUT(
      Kind.STOCKOUT,
      ".*resourcepoolexhausted.*|.*stockout.*|.*resourceavailability.*|insufficientcapacity.*"
          + "|vmmincountnotreached|ipspaceexhausted.*|reservation.*capacity.*|.*nocapacity"
          + "|reservationnotready|unsupportedoperation"),

  /** Guide "Troubleshoot quota errors", {@code QUOTA_EXCEEDED} and {@code quotaExceeded}. */
  QUOTA(Kind.QUOTA, ".*quota.*|.*limitexceeded"),

  /**
   * Catalog, {@code PERMISSIONS_ERROR}; the guide "Troubleshoot IAM permissions"; service usage's
   * {@code accessNotConfigured} and {@code SERVICE_DISABLED}.
   */
  PERMISSION(
      Kind.PERMISSION,
      "permission.*|forbidden|iampermission.*|insufficientpermissions|unauthori[sz]ed"
          + "|unauthenticated|autherror|accesstoken.*|accessnotconfigured|servicedisabled|.*billing.*"
          + "|.*accessdenied|consumersuspended|.*constraint.*"),

  /** Catalog: {@code INVALID_...}, {@code MISSING_...}, {@code ..._NOT_FOUND} and their like. */
  TEMPLATE(
      Kind.TEMPLATE,
      "invalid.*|.*notfound|required|missing.*|badrequest|parseerror|fieldsize.*|notexist.*"
          + "|conditionnotmet|unsupported.*|.*notsupported|.*incompatible|wrongargument.*"),

  /** Only by the words of a message, since its code is that of any wrong field. */
  UNSUPPORTED(Kind.UNSUPPORTED, "(?!)"),

  /** No list of codes is the last one. */
  OTHER(Kind.UNKNOWN, ".*");

  /**
   * What the API says of a type that a zone does not have: "Machine type with name 'x' does not
   * exist in zone 'z'", "The resource '.../machineTypes/x' was not found".
   */
  private static final Pattern NO_SUCH_TYPE =
      Pattern.compile(
          "(machine|accelerator) ?types?\\b.*(not exist|not found|not available|not supported)",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

  /** The machine itself vanished while it was made: no capacity, says skypilot 1797. */
  private static final Pattern VANISHED =
      Pattern.compile("/instances/[^/]+' was not found", Pattern.CASE_INSENSITIVE);

  private final Kind kind;
  private final Pattern codes;

  ErrorFamily(Kind kind, String codes) {
    this.kind = kind;
    this.codes = Pattern.compile(codes, Pattern.DOTALL);
  }

  Kind kind() {
    return kind;
  }

  /** Of any two strings. */
  static ErrorFamily of(String code, String message) {
    var plain = code.toLowerCase(Locale.ROOT).replaceAll("[_\\s-]", "");
    for (var family : values()) {
      if (family.codes.matcher(plain).matches()) {
        return family == TEMPLATE ? byMessage(message) : family;
      }
    }
    return OTHER;
  }

  private static ErrorFamily byMessage(String message) {
    if (NO_SUCH_TYPE.matcher(message).find()) {
      return UNSUPPORTED;
    }
    return VANISHED.matcher(message).find() ? STOCKOUT : TEMPLATE;
  }
}
