package io.fettle.benchmarks.capacity;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fettle.benchmarks.capacity.FleetForm.Place;
import io.fettle.benchmarks.capacity.Launches.Times;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * EC2 as it is documented: a proxy before a real Moto server that does what the table of {@link
 * Ec2Fact} says and Moto does not, and fails as {@link Ec2Code} says when it is told to. One
 * account each, on a clock of its own.
 */
public final class DocumentedEc2 implements AutoCloseable {
  private static final String CREATE = "CreateFleet";
  private static final String DESCRIBE = "DescribeInstances";
  private static final String TERMINATE = "TerminateInstances";
  private static final String PRICES = "DescribeSpotPriceHistory";
  private static final String CAPACITY_TYPE =
      "TargetCapacitySpecification.DefaultTargetCapacityType";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient client = HttpClient.newHttpClient();
  private final Ec2Account account;
  private final InstantSource clock;
  private final Launches launches;

  // all guarded by this
  private final List<Call> calls = new ArrayList<>();
  private final Map<String, Answered> answered = new HashMap<>(); // by client token
  private final Map<String, Deque<Ec2Code>> refusals = new HashMap<>(); // by action
  private final Map<String, Ec2Code> empty = new HashMap<>(); // by zone or subnet
  private final Map<String, Integer> lost = new HashMap<>(); // by action
  private final Map<String, Double> spot = new HashMap<>(); // dollars an hour, by zone
  private final Map<String, Integer> reserved = new HashMap<>(); // room, by zone or subnet
  private int page = Integer.MAX_VALUE;

  /** A call that came, on this clock. */
  public record Call(Instant at, String action, FleetForm form) {}

  private record Answered(FleetForm form, Reply reply) {}

  private record Reply(int status, String body) {
    static Reply refused(Ec2Code code) {
      return new Reply(code.status(), Xml.error(code.code(), "as it was told to"));
    }
  }

  public DocumentedEc2(Ec2Account account, InstantSource clock, Times times) throws IOException {
    this.account = account;
    this.clock = clock;
    this.launches = new Launches(clock, times);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  public synchronized List<Call> calls(String action) {
    return calls.stream().filter(call -> call.action().equals(action)).toList();
  }

  /** The next call of an action fails as a whole. */
  public synchronized void refusesNext(String action, Ec2Code code) {
    refusals.computeIfAbsent(action, _ -> new ArrayDeque<>()).add(code);
  }

  /** Fleets find nothing there until {@link #isFull}. */
  public synchronized void isEmpty(String zoneOrSubnet, Ec2Code code) {
    empty.put(zoneOrSubnet, code);
  }

  public synchronized void isFull() {
    empty.clear();
  }

  /** What spot costs in a zone, an hour. */
  public synchronized void spotCosts(String zone, double dollars) {
    spot.put(zone, dollars);
  }

  /** An open reservation there has room for so many more. */
  public synchronized void reserves(String zoneOrSubnet, int room) {
    reserved.put(zoneOrSubnet, room);
  }

  /** The next call of an action goes through, and its caller hears nothing. */
  public synchronized void losesNextReply(String action) {
    lost.merge(action, 1, Integer::sum);
  }

  public synchronized void pagesBy(int instances) {
    page = instances;
  }

  /** Spot takes an instance back. */
  public void interrupt(String instance) throws IOException {
    launches.interrupt(instance);
    account.end(instance);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var form = FleetForm.parse(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
      var action = form.field("Action");
      var reply = answer(exchange, action, form);
      if (isLost(action)) {
        return; // closed without a word
      }
      exchange.getResponseHeaders().set("Content-Type", "text/xml;charset=UTF-8");
      var body = reply.body().getBytes(UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length);
      exchange.getResponseBody().write(body);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean isLost(String action) {
    var left = lost.getOrDefault(action, 0);
    lost.put(action, Math.max(0, left - 1));
    return left > 0;
  }

  /** One at a time: of two calls with one token the second waits for the first, as it would. */
  private synchronized Reply answer(HttpExchange exchange, String action, FleetForm form)
      throws IOException, InterruptedException {
    calls.add(new Call(clock.instant(), action, form));
    var refusal = refusals.getOrDefault(action, new ArrayDeque<>()).poll();
    if (refusal != null) {
      return Reply.refused(refusal);
    }
    return switch (action) {
      case CREATE -> create(exchange, form);
      case DESCRIBE -> describe(exchange, form);
      case TERMINATE -> terminate(exchange, form);
      case PRICES -> new Reply(200, prices(form));
      default -> forward(exchange, form);
    };
  }

  private Reply create(HttpExchange exchange, FleetForm form)
      throws IOException, InterruptedException {
    var token = form.field("ClientToken");
    var before = answered.get(token);
    if (before != null) {
      return before.form().equals(form)
          ? before.reply()
          : new Reply(400, Xml.error("IdempotentParameterMismatch", "the token is in use"));
    }
    var reply = isOfReserved(form) ? reserved(exchange, form) : launched(exchange, form);
    if (reply.status() == 200) {
      launches.note(reply.body());
      answered.put(token, new Answered(form, reply));
    }
    return reply;
  }

  private Reply launched(HttpExchange exchange, FleetForm form)
      throws IOException, InterruptedException {
    var full = form.places().stream().filter(place -> !isEmptyAt(place)).toList();
    return full.isEmpty() ? noCapacity(form) : forward(exchange, form.over(full));
  }

  private static boolean isOfReserved(FleetForm form) {
    return form.field(CAPACITY_TYPE).equals("reserved-capacity");
  }

  /** Moto knows no reservation: a machine of the on-demand market stands in one. */
  private Reply reserved(HttpExchange exchange, FleetForm form)
      throws IOException, InterruptedException {
    var room =
        form.places().stream()
            .filter(place -> reserved.getOrDefault(place.where(), 0) > 0)
            .findFirst();
    if (room.isEmpty()) {
      return noCapacity(form);
    }
    reserved.merge(room.get().where(), -1, Integer::sum);
    var reply = forward(exchange, form.over(List.of(room.get())).with(CAPACITY_TYPE, "on-demand"));
    launches.reserved(reply.body());
    return reply;
  }

  private boolean isEmptyAt(Place place) {
    return empty.containsKey(place.where());
  }

  private Reply noCapacity(FleetForm form) {
    var errors = new StringBuilder();
    for (var place : form.places()) {
      var key = FleetForm.key(place);
      errors.append(
          """
          <item><errorCode>%s</errorCode><errorMessage>as it was told to</errorMessage><lifecycle>spot</lifecycle>
          <launchTemplateAndOverrides><overrides><instanceType>%s</instanceType><%s>%s</%s></overrides></launchTemplateAndOverrides></item>"""
              .formatted(
                  empty
                      .getOrDefault(
                          place.where(),
                          isOfReserved(form) ? Ec2Code.RESERVATION_CAPACITY : Ec2Code.UNHEARD_OF)
                      .code(),
                  place.type(),
                  lower(key),
                  place.where(),
                  lower(key)));
    }
    return new Reply(
        200,
        "<CreateFleetResponse xmlns=\"%s\"><requestId>r-0</requestId><fleetId>fleet-0</fleetId><errorSet>%s</errorSet><fleetInstanceSet/></CreateFleetResponse>"
            .formatted(Xml.NAMESPACE, errors));
  }

  private static String lower(String key) {
    return key.substring(0, 1).toLowerCase(Locale.ROOT) + key.substring(1);
  }

  private String prices(FleetForm form) {
    var items = new StringBuilder();
    for (var type : form.list("InstanceType")) {
      for (var zone : account.zones().keySet()) {
        items.append(
            "<item><instanceType>%s</instanceType><productDescription>Linux/UNIX</productDescription><spotPrice>%s</spotPrice><timestamp>%s</timestamp><availabilityZone>%s</availabilityZone></item>"
                .formatted(type, spot.getOrDefault(zone, Ec2Account.SPOT), clock.instant(), zone));
      }
    }
    return "<DescribeSpotPriceHistoryResponse xmlns=\"%s\"><requestId>r-0</requestId><spotPriceHistorySet>%s</spotPriceHistorySet></DescribeSpotPriceHistoryResponse>"
        .formatted(Xml.NAMESPACE, items);
  }

  private Reply describe(HttpExchange exchange, FleetForm form)
      throws IOException, InterruptedException {
    for (var id : form.list("InstanceId")) {
      if (launches.isHidden(id)) {
        return notFound(id);
      }
    }
    var paged =
        form.field("MaxResults").isEmpty() || page == Integer.MAX_VALUE
            ? form
            : form.with("MaxResults", String.valueOf(page));
    var reply = forward(exchange, paged);
    return reply.status() == 200 ? new Reply(200, launches.seen(reply.body())) : reply;
  }

  private Reply terminate(HttpExchange exchange, FleetForm form)
      throws IOException, InterruptedException {
    for (var id : form.list("InstanceId")) {
      if (launches.isHidden(id)) {
        return notFound(id);
      }
    }
    return forward(exchange, form);
  }

  private static Reply notFound(String id) {
    return new Reply(
        400,
        Xml.error(
            "InvalidInstanceID.NotFound", "The instance ID '%s' does not exist".formatted(id)));
  }

  private Reply forward(HttpExchange exchange, FleetForm form)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(account.moto())
            .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
            .header("Authorization", exchange.getRequestHeaders().getFirst("Authorization"))
            .header(Ec2Account.HEADER, account.id())
            .POST(BodyPublishers.ofString(form.encoded()))
            .build();
    var response = client.send(request, BodyHandlers.ofString());
    return new Reply(response.statusCode(), response.body());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
    client.close();
  }
}
