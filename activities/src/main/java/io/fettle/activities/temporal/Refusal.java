package io.fettle.activities.temporal;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/** Turns what gRPC says into one sentence with the next step. */
final class Refusal {
  private Refusal() {}

  static TemporalAway of(TemporalOptions options, RuntimeException failure) {
    var status = Status.fromThrowable(failure);
    return new TemporalAway(sentence(options, status), failure);
  }

  private static String sentence(TemporalOptions options, Status status) {
    return switch (status.getCode()) {
      case NOT_FOUND ->
          "the Temporal server at %s has no namespace \"%s\"; create it (temporal operator namespace create --namespace %s --address %s) or set FETTLE_TEMPORAL_NAMESPACE"
              .formatted(
                  options.address(), options.namespace(), options.namespace(), options.address());
      case UNAUTHENTICATED, PERMISSION_DENIED ->
          "the Temporal server at %s refused us (%s); check FETTLE_TEMPORAL_API_KEY, or FETTLE_TEMPORAL_TLS_CERT and FETTLE_TEMPORAL_TLS_KEY"
              .formatted(options.address(), reason(status));
      default ->
          "the Temporal server at %s does not answer (%s); for the embedded one run `fettle up`, for your own check FETTLE_TEMPORAL_ADDRESS"
              .formatted(options.address(), reason(status));
    };
  }

  private static String reason(Status status) {
    var description = status.getDescription();
    return description == null || status.getCode() == Status.Code.DEADLINE_EXCEEDED
        ? status.getCode().name()
        : status.getCode() + ": " + description.lines().findFirst().orElse("");
  }

  static boolean is(StatusRuntimeException failure, Status.Code code) {
    return failure.getStatus().getCode() == code;
  }
}
