package io.fettle.activities.capacity.aws;

import io.fettle.activities.capacity.Refusal.Kind;
import java.util.regex.Pattern;

/**
 * What EC2's error codes mean, by family: the list of codes is long and grows, its words are few.
 * The first that fits counts. "Reference" is the page of error codes in EC2's API reference.
 */
enum ErrorFamily {
  /** Reference, common client errors; the rest are those that the SDK itself calls throttling. */
  THROTTLE(
      Kind.THROTTLE,
      "RequestLimitExceeded|Bandwidth.*Exceeded|(EC2)?Thrott.*|RequestThrottled.*|SlowDown"
          + "|TooManyRequests.*|ProvisionedThroughput.*|TransactionInProgress.*|PriorRequest.*"),

  /**
   * Reference, common client errors and "Opt-in". Before "Invalid": the key pair is at fault. An
   * image by a parameter may be {@code SsmAccessDenied}.
   */
  PERMISSION(
      Kind.PERMISSION,
      "Unauthorized.*|AuthFailure.*|.*AccessDenied.*|OptInRequired|OperationNotPermitted|Blocked"
          + "|InvalidClientTokenId|InvalidAccessKey.*|InvalidSecurity|Unrecognized.*"
          + "|MissingAuthentication.*|IncompleteSignature|SignatureDoesNotMatch|.*Expired(Token)?"
          + "|ExpiredToken.*"),

  /**
   * Reference, server errors and spot; {@code InsufficientFreeAddressesInSubnet} too is of one zone
   * and passes. Spot's status codes are in small letters.
   */
  STOCKOUT(
      Kind.STOCKOUT,
      "Insufficient.*|Unfulfillable.*|ReservationCapacity.*|.*CapacityNotAvailable.*"
          + "|capacity-.*|CapacityReservation.*Full"),

  /** Reference, spot; spot's status code {@code price-too-low}. */
  PRICE(Kind.PRICE, ".*PriceTooLow.*|price-too-low"),

  /** User guide of EC2 Fleet, "user data": a limit that no quota lifts. */
  USER_DATA(Kind.TEMPLATE, "UserData.*"),

  /**
   * Reference, {@code Unsupported}: this type is not offered in this zone. A fleet calls the same
   * {@code InvalidFleetConfiguration}, and as a whole {@code InvalidFleetConfig} with the types in
   * its words (terraform-provider-aws 41272), so this comes before what people must mend.
   */
  UNSUPPORTED(Kind.UNSUPPORTED, "Unsupported.*|.*NotSupported.*|InvalidFleetConfig.*"),

  /**
   * The token names a machine that has died ({@code IdempotentInstanceTerminated}, boto3 4406), or
   * a request that the pool's settings have changed since: another token is as good.
   */
  SPENT(Kind.ENDED, "Idempotent.*"),

  /**
   * Reference, {@code ...LimitExceeded}, {@code Max...Exceeded}; a new account is held up so too.
   */
  QUOTA(
      Kind.QUOTA,
      ".*(Limit|Quota|Count)s?(Exceeded|Reached).*|Max.*Exceeded.*|PendingVerification"),

  /**
   * Reference, the rest of the client errors: something in the request or the template is wrong.
   */
  TEMPLATE(
      Kind.TEMPLATE,
      "Invalid.*|Missing.*|Malformed.*|Incorrect.*|UnknownParameter.*|NoSuch.*"
          + "|Validation.*|VPCIdNotSpecified|.*NotFound.*|.*DoesNotExist.*|.*Malformed.*");

  /** Of a fleet's reply also where another place ended it before its turn. */
  private static final Pattern LEFT_OVER = Pattern.compile("Unfulfillable.*");

  private final Kind kind;
  private final Pattern codes;

  ErrorFamily(Kind kind, String codes) {
    this.kind = kind;
    this.codes = Pattern.compile(codes);
  }

  /** Of any string; older interfaces say whose fault it is before a dot. */
  static Kind of(String code) {
    var bare = bare(code);
    for (var family : values()) {
      if (family.codes.matcher(bare).matches()) {
        return family.kind;
      }
    }
    return Kind.UNKNOWN;
  }

  /** Whether it may say nothing of its place, but that the fleet has no machine there either. */
  static boolean isOfTheUntried(String code) {
    return LEFT_OVER.matcher(bare(code)).matches();
  }

  private static String bare(String code) {
    return code.strip().replaceFirst("^(Client|Server)\\.", "");
  }
}
