package io.fettle.activities.temporal;

import io.fettle.workflows.wire.Wire;
import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.OperatorServiceStubs;
import io.temporal.serviceclient.OperatorServiceStubsOptions;
import io.temporal.serviceclient.ServiceStubsOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A connection to one namespace of one server. Safe for use by many threads. */
public final class TemporalConnection implements AutoCloseable {
  private final TemporalOptions options;
  private final WorkflowServiceStubs service;
  private final WorkflowClient client;

  private TemporalConnection(TemporalOptions options, WorkflowServiceStubs service) {
    this.options = options;
    this.service = service;
    this.client =
        WorkflowClient.newInstance(
            service,
            WorkflowClientOptions.newBuilder()
                .setNamespace(options.namespace())
                .setDataConverter(Wire.dataConverter())
                .build());
  }

  /** Connects without asking the server anything; calls then fail for as long as it is away. */
  public static TemporalConnection lazy(TemporalOptions options) throws TemporalAway {
    var stubs = WorkflowServiceStubsOptions.newBuilder();
    configure(stubs, options);
    return new TemporalConnection(
        options, WorkflowServiceStubs.newServiceStubs(stubs.validateAndBuildWithDefaults()));
  }

  /**
   * Connects, and checks that the server answers and has the namespace.
   *
   * @throws TemporalAway if it does not within {@code patience}
   */
  public static TemporalConnection open(TemporalOptions options, Duration patience)
      throws TemporalAway {
    var connection = lazy(options);
    try {
      connection.check(patience);
      return connection;
    } catch (TemporalAway e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Asks the server for the namespace.
   *
   * @throws TemporalAway if the server does not answer within {@code patience}, refuses us or has
   *     no such namespace
   */
  public void check(Duration patience) throws TemporalAway {
    var request = DescribeNamespaceRequest.newBuilder().setNamespace(options.namespace()).build();
    try {
      service.connect(patience);
      service
          .blockingStub()
          .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
          .describeNamespace(request);
    } catch (StatusRuntimeException | IllegalStateException e) {
      throw Refusal.of(options, e);
    }
  }

  public WorkflowClient client() {
    return client;
  }

  public TemporalOptions options() {
    return options;
  }

  /**
   * Registers what the product's list views filter by and the namespace lacks. Safe to repeat and
   * to race.
   *
   * @throws TemporalAway if the server refuses; the message then names what to register by hand
   */
  public void registerSearchAttributes(Duration patience) throws TemporalAway {
    var stubs = OperatorServiceStubsOptions.newBuilder();
    configure(stubs, options);
    var operator = OperatorServiceStubs.newServiceStubs(stubs.validateAndBuildWithDefaults());
    try {
      new AttributeRegistration(operator, options).run(patience);
    } finally {
      operator.shutdownNow();
    }
  }

  private static void configure(ServiceStubsOptions.Builder<?> stubs, TemporalOptions options)
      throws TemporalAway {
    stubs.setTarget(options.address());
    if (options.tls()) {
      stubs.setSslContext(Tls.context(options));
    }
    var apiKey = options.apiKey();
    if (apiKey != null) {
      stubs.addApiKey(() -> apiKey);
    }
  }

  @Override
  public void close() {
    service.shutdownNow();
  }
}
