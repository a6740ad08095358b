package io.fettle.activities.temporal;

import io.fettle.workflows.wire.SearchAttributes;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.enums.v1.IndexedValueType;
import io.temporal.api.operatorservice.v1.AddSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.ListSearchAttributesRequest;
import io.temporal.api.operatorservice.v1.OperatorServiceGrpc.OperatorServiceBlockingStub;
import io.temporal.common.SearchAttributeKey;
import io.temporal.serviceclient.OperatorServiceStubs;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** Adds the search attributes that a namespace lacks, through the operator service. */
final class AttributeRegistration {
  private final OperatorServiceStubs operator;
  private final TemporalOptions options;

  AttributeRegistration(OperatorServiceStubs operator, TemporalOptions options) {
    this.operator = operator;
    this.options = options;
  }

  void run(Duration patience) throws TemporalAway {
    var missing = missing(patience);
    if (missing.isEmpty()) {
      return;
    }
    var request =
        AddSearchAttributesRequest.newBuilder()
            .setNamespace(options.namespace())
            .putAllSearchAttributes(missing)
            .build();
    try {
      stub(patience).addSearchAttributes(request);
    } catch (StatusRuntimeException e) {
      // Another process may have been first; what counts is that the attributes exist.
      if (!Refusal.is(e, Status.Code.ALREADY_EXISTS) || !missing(patience).isEmpty()) {
        throw refused(missing, e);
      }
    }
  }

  private Map<String, IndexedValueType> missing(Duration patience) throws TemporalAway {
    var request =
        ListSearchAttributesRequest.newBuilder().setNamespace(options.namespace()).build();
    var missing = new TreeMap<String, IndexedValueType>();
    SearchAttributes.ALL.forEach(key -> missing.put(key.getName(), key.getValueType()));
    try {
      var present = stub(patience).listSearchAttributes(request).getCustomAttributesMap();
      checkTypes(present);
      missing.keySet().removeAll(present.keySet());
      return missing;
    } catch (StatusRuntimeException e) {
      throw refused(missing, e);
    }
  }

  private void checkTypes(Map<String, IndexedValueType> present) throws TemporalAway {
    for (SearchAttributeKey<?> key : SearchAttributes.ALL) {
      var type = present.getOrDefault(key.getName(), key.getValueType());
      if (type != key.getValueType()) {
        throw new TemporalAway(
            "search attribute %s of namespace %s is %s; it must be %s: give Fettle a namespace of its own"
                .formatted(key.getName(), options.namespace(), type, key.getValueType()));
      }
    }
  }

  private TemporalAway refused(Map<String, IndexedValueType> missing, StatusRuntimeException e) {
    return new TemporalAway(
        "cannot register search attributes on %s (%s); ask its operator to add these to namespace %s: %s"
            .formatted(options.address(), e.getStatus().getCode(), options.namespace(), missing),
        e);
  }

  private OperatorServiceBlockingStub stub(Duration patience) {
    return operator.blockingStub().withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
  }
}
