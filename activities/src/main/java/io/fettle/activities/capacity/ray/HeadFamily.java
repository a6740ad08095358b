package io.fettle.activities.capacity.ray;

import io.fettle.activities.capacity.Refusal.Kind;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a Ray head's errors mean. It has HTTP statuses and the last line of a traceback, no codes;
 * the first family that fits counts. Seen with Ray 2.60, unless a line says otherwise.
 */
enum HeadFamily {
  /** HTTP's own, of a proxy before the head. */
  THROTTLE(Optional.of(Kind.THROTTLE), "429", ".*"),

  /** A head with {@code RAY_AUTH_MODE=token} (Ray's security guide), or a proxy. */
  PERMISSION(Optional.of(Kind.PERMISSION), "40[13]|407|511", ".*"),

  /** A field that this release of Ray does not know: {@code TypeError ... unexpected keyword}. */
  REQUEST(Optional.of(Kind.TEMPLATE), "400|413|415|422", ".*"),

  /** {@code 404: Not Found}: something answers, and it has no jobs. A redirect: to a login. */
  NO_HEAD(Optional.of(Kind.TEMPLATE), "3..|404|405", ".*"),

  /** The head's own checks of a submission end as a server error. */
  SUBMISSION(
      Optional.of(Kind.TEMPLATE),
      "500",
      "(?s).*\\n(ValueError|TypeError|jsonschema\\.\\S+|RuntimeEnvSetupError)\\b.*"),

  /** No agent yet, a database that is away, a proxy without its head: nobody has decided. */
  TROUBLE(Optional.empty(), "5..", "(?s).*"),

  OTHER(Optional.of(Kind.UNKNOWN), "...", "(?s).*");

  private final Optional<Kind> kind;
  private final Pattern statuses;
  private final Pattern texts;

  HeadFamily(Optional<Kind> kind, String statuses, String texts) {
    this.kind = kind;
    this.statuses = Pattern.compile(statuses);
    this.texts = Pattern.compile(texts, Pattern.DOTALL);
  }

  /** Empty: the call says nothing, and is repeated. */
  static Optional<Kind> of(int status, String text) {
    for (var family : values()) {
      if (family.statuses.matcher(String.valueOf(status)).matches()
          && family.texts.matcher(text).matches()) {
        return family.kind;
      }
    }
    return Optional.of(Kind.UNKNOWN);
  }
}
