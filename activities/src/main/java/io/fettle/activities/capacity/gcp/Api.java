package io.fettle.activities.capacity.gcp;

import com.google.api.client.googleapis.services.AbstractGoogleClientRequest;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.api.client.http.HttpResponseException;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.api.client.json.gson.GsonFactory;
import com.google.api.services.compute.Compute;
import com.google.api.services.compute.ComputeScopes;
import com.google.api.services.compute.model.Instance;
import com.google.api.services.compute.model.InstanceAggregatedList;
import com.google.api.services.compute.model.InstanceProperties;
import com.google.api.services.compute.model.InstancesScopedList;
import com.google.api.services.compute.model.Operation;
import com.google.api.services.compute.model.OperationList;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The calls, each sent once: repeats are the caller's, who knows the token and when to stop. What
 * fails is told by {@link Refusals}.
 */
final class Api {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final long PAGE = 500;
  private static final int NOT_FOUND = 404;
  private static final String DONE = "DONE";
  private static final String UNREACHABLE = "UNREACHABLE";

  /** The server may answer "not yet" at once. */
  private static final int WAITS = 3;

  private static final Pattern REGIONAL =
      Pattern.compile("(?:.*/)?regions/([^/]+)/instanceTemplates/([^/]+)");

  private final GceOptions options;
  private final Refusals refusals;
  private final Compute compute;
  private @Nullable HttpRequestInitializer credentials; // guarded by this

  Api(GceOptions options, Refusals refusals) {
    this.options = options;
    this.refusals = refusals;
    var builder =
        new Compute.Builder(new NetHttpTransport(), GsonFactory.getDefaultInstance(), this::prepare)
            .setApplicationName("fettle");
    options.endpoint().ifPresent(elsewhere -> builder.setRootUrl(root(elsewhere.toString())));
    this.compute = builder.build();
  }

  private static String root(String endpoint) {
    return endpoint.endsWith("/") ? endpoint : endpoint + "/";
  }

  private void prepare(HttpRequest request) throws IOException {
    request.setConnectTimeout((int) CONNECT.toMillis());
    request.setReadTimeout((int) options.patience().toMillis());
    if (options.signsIn()) {
      credentials().initialize(request);
    }
  }

  /** Looked for with the first call: a control plane starts without them. */
  private synchronized HttpRequestInitializer credentials() throws IOException {
    if (credentials == null) {
      try {
        credentials =
            new HttpCredentialsAdapter(
                GoogleCredentials.getApplicationDefault().createScoped(ComputeScopes.COMPUTE));
      } catch (IOException e) {
        throw refusals.noCredentials(e);
      }
    }
    return credentials;
  }

  private interface Call<R> {
    AbstractGoogleClientRequest<R> request() throws IOException;
  }

  private <R> R told(Call<R> call) throws IOException {
    try {
      return call.request().execute();
    } catch (IOException e) {
      throw refusals.of(e);
    }
  }

  private <R> Optional<R> found(Call<R> call) throws IOException {
    try {
      return Optional.of(call.request().execute());
    } catch (HttpResponseException e) {
      if (e.getStatusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw refusals.of(e);
    } catch (IOException e) {
      throw refusals.of(e);
    }
  }

  /**
   * What every machine of the pool is made from. It cannot be changed, but replaced by another of
   * its name.
   */
  InstanceProperties template() throws IOException {
    var regional = REGIONAL.matcher(options.template());
    var project = options.project();
    var found =
        told(
            () ->
                regional.matches()
                    ? compute
                        .regionInstanceTemplates()
                        .get(project, regional.group(1), regional.group(2))
                    : compute.instanceTemplates().get(project, templateName()));
    return Objects.requireNonNullElseGet(found.getProperties(), InstanceProperties::new);
  }

  private String templateName() {
    return options.template().substring(options.template().lastIndexOf('/') + 1);
  }

  private String templatePath() {
    var regional = REGIONAL.matcher(options.template());
    return regional.matches()
        ? "projects/%s/regions/%s/instanceTemplates/%s"
            .formatted(options.project(), regional.group(1), regional.group(2))
        : "projects/%s/global/instanceTemplates/%s".formatted(options.project(), templateName());
  }

  Operation insert(String zone, Instance instance, UUID request) throws IOException {
    return told(
        () ->
            compute
                .instances()
                .insert(options.project(), zone, instance)
                .setRequestId(request.toString())
                .setSourceInstanceTemplate(templatePath()));
  }

  /**
   * As it is when it is done.
   *
   * @throws Unfinished if it goes on for longer than the pool's patience
   */
  Operation done(String zone, Operation started) throws IOException {
    var operation = started;
    try {
      for (int i = 0; i < WAITS && !isDone(operation); i++) {
        operation =
            compute.zoneOperations().wait(options.project(), zone, operation.getName()).execute();
      }
    } catch (SocketTimeoutException e) {
      throw unfinished(zone, operation, e);
    } catch (IOException e) {
      throw refusals.of(e);
    }
    if (!isDone(operation)) {
      throw unfinished(zone, operation, null);
    }
    return operation;
  }

  static boolean isDone(Operation operation) {
    return DONE.equals(operation.getStatus());
  }

  private Unfinished unfinished(String zone, Operation operation, @Nullable IOException cause) {
    return new Unfinished(
        "pool %s: %s in %s is not done yet; the next try looks for its machine"
            .formatted(options.pool(), operation.getName(), zone),
        cause);
  }

  /** An operation goes on. */
  static final class Unfinished extends IOException {
    private static final long serialVersionUID = 1;

    private Unfinished(String sentence, @Nullable IOException cause) {
      super(sentence, cause);
    }
  }

  Optional<Instance> instance(String zone, String name) throws IOException {
    return found(() -> compute.instances().get(options.project(), zone, name));
  }

  /** Gone already is as good. */
  void delete(String zone, String name) throws IOException {
    found(() -> compute.instances().delete(options.project(), zone, name));
  }

  /**
   * In all zones, also in those that are none of the pool's any more.
   *
   * @throws IOException if one of them does not answer: what lies there is not gone
   */
  List<Instance> instances(String filter) throws IOException {
    var found = new ArrayList<Instance>();
    eachPage(
        token ->
            compute
                .instances()
                .aggregatedList(options.project())
                .setFilter(filter)
                .setMaxResults(PAGE)
                .setReturnPartialSuccess(false)
                .setPageToken(token),
        InstanceAggregatedList::getNextPageToken,
        list -> found.addAll(instances(list)));
    return found;
  }

  private List<Instance> instances(InstanceAggregatedList list) throws IOException {
    if (list.getUnreachables() != null && !list.getUnreachables().isEmpty()) {
      throw unreachable(list.getUnreachables().toString());
    }
    var found = new ArrayList<Instance>();
    if (list.getItems() != null) {
      for (var scope : list.getItems().entrySet()) {
        found.addAll(instances(scope.getKey(), scope.getValue()));
      }
    }
    return found;
  }

  private List<Instance> instances(String scope, InstancesScopedList list) throws IOException {
    var warning = list.getWarning();
    if (warning != null && UNREACHABLE.equals(warning.getCode())) {
      throw unreachable(scope);
    }
    return Objects.requireNonNullElse(list.getInstances(), List.of());
  }

  private IOException unreachable(String scope) {
    return new IOException(
        "pool %s: Compute Engine does not reach %s now; nothing is said of machines there"
            .formatted(options.pool(), scope));
  }

  /** What was done to a machine of this name, in no order. */
  List<Operation> operations(String zone, String name) throws IOException {
    var found = new ArrayList<Operation>();
    eachPage(
        token ->
            compute
                .zoneOperations()
                .list(options.project(), zone)
                .setFilter("targetLink : \"/instances/%s\"".formatted(name))
                .setMaxResults(PAGE)
                .setPageToken(token),
        OperationList::getNextPageToken,
        list ->
            Objects.requireNonNullElse(list.getItems(), List.<Operation>of()).stream()
                .filter(
                    operation ->
                        operation.getTargetLink() != null
                            && operation.getTargetLink().endsWith("/instances/" + name))
                .forEach(found::add));
    return found;
  }

  private interface Paged<R> {
    AbstractGoogleClientRequest<R> from(@Nullable String token) throws IOException;
  }

  private interface Reader<R> {
    void read(R page) throws IOException;
  }

  /** Each is read before the next is asked for. */
  private <R> void eachPage(Paged<R> list, Function<R, @Nullable String> next, Reader<R> reader)
      throws IOException {
    var token = Optional.<String>empty();
    do {
      var from = token.orElse(null);
      var page = told(() -> list.from(from));
      reader.read(page);
      token = Optional.ofNullable(next.apply(page)).filter(more -> !more.isEmpty());
    } while (token.isPresent());
  }
}
