package io.fettle.activities.capacity.ray;

import io.fettle.activities.capacity.Refusal.Kind;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an API server's errors mean: by status, and by the words of its message where one status has
 * several meanings. The first that fits counts. "API conventions" is the page of that name in
 * Kubernetes' community documents, section "HTTP Status codes".
 */
enum ClusterFamily {
  /** API conventions, 429; also the eviction of too many requests by priority and fairness. */
  THROTTLE(Optional.of(Kind.THROTTLE), "429", ".*"),

  /** Resource quotas: "If creating or updating a resource violates a quota constraint, 403". */
  QUOTA(Optional.of(Kind.QUOTA), "403", ".*(exceeded quota|quota exceeded|insufficient quota).*"),

  /** Extensible admission: a webhook's no, and the built-in ones of pods. */
  ADMISSION(
      Optional.of(Kind.TEMPLATE),
      "403",
      ".*(admission webhook|denied the request|violates PodSecurity|ValidatingAdmissionPolicy"
          + "|unable to create new content in namespace).*"),

  /** API conventions, 401 and 403: no credentials, or a role that lacks the verb. */
  PERMISSION(Optional.of(Kind.PERMISSION), "40[13]", ".*"),

  /**
   * API conventions, 400, 405, 406, 415, 422; 404 of a create: no such namespace, or no RayJob at
   * all.
   */
  TEMPLATE(Optional.of(Kind.TEMPLATE), "40[0456]|41[035]|422", ".*"),

  /** A quota's own record was changed meanwhile, or the object: the same again may go through. */
  CONFLICT(Optional.empty(), "409|408", ".*"),

  /** API conventions, 500, 503, 504, and 0 for no answer at all: nobody has decided. */
  TROUBLE(Optional.empty(), "0|5..", ".*"),

  OTHER(Optional.of(Kind.UNKNOWN), ".*", ".*");

  private final Optional<Kind> kind;
  private final Pattern statuses;
  private final Pattern messages;

  ClusterFamily(Optional<Kind> kind, String statuses, String messages) {
    this.kind = kind;
    this.statuses = Pattern.compile(statuses);
    this.messages = Pattern.compile(messages, Pattern.DOTALL | Pattern.CASE_INSENSITIVE);
  }

  /** Empty: the call says nothing, and is repeated. */
  static Optional<Kind> of(int status, String message) {
    for (var family : values()) {
      if (family.statuses.matcher(String.valueOf(status)).matches()
          && family.messages.matcher(message).matches()) {
        return family.kind;
      }
    }
    return Optional.of(Kind.UNKNOWN);
  }
}
