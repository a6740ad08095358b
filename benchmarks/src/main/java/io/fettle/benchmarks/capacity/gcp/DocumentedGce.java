package io.fettle.benchmarks.capacity.gcp;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.fettle.benchmarks.capacity.gcp.GceProject.Times;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * Compute Engine as it is documented, for one project {@code p}: it does what the table of {@link
 * GceFact} says, on a clock of its own, and fails as {@link GceCode} says when it is told to.
 */
final class DocumentedGce implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern EQUAL = Pattern.compile("\\(?labels\\.([a-z-]+) = \"([^\"]*)\"\\)?");
  private static final Pattern HAS = Pattern.compile("targetLink : \"([^\"]*)\"");
  private static final Pattern LABEL = Pattern.compile("[a-z0-9_-]{0,63}");

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<String> zones;
  private final InstantSource clock;

  // all guarded by this
  private final GceProject project;
  private final List<GceCall> calls = new ArrayList<>();
  private final Map<String, String> answered = new HashMap<>(); // operation by zone and request id
  private final Map<String, Deque<GceCode>> refusals = new HashMap<>(); // by action
  private final Map<String, GceCode> empty = new HashMap<>(); // by zone
  private final Map<String, Integer> lost = new HashMap<>(); // by action
  private final Map<String, Integer> hidden = new HashMap<>(); // by action
  private final Set<String> unreachable = new HashSet<>(); // zones
  private final Set<String> notOffered = new HashSet<>(); // zone/type
  private boolean hangs;
  private Runnable whileWaiting = () -> {};
  private int page = Integer.MAX_VALUE;

  private record Reply(int status, ObjectNode body) {}

  DocumentedGce(List<String> zones, InstantSource clock, Times times) throws IOException {
    this.zones = List.copyOf(zones);
    this.clock = clock;
    this.project = new GceProject(clock, times);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(GceCall.ROOT, this::serve);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  synchronized void keepTemplate(String name, ObjectNode properties) {
    project.keepTemplate(name, properties);
  }

  /** So many calls of an action find none: it is being replaced. */
  synchronized void hidesTemplates(String action, int times) {
    hidden.put(action, times);
  }

  private Optional<ObjectNode> template(GceCall call, String name) {
    return isLeft(hidden, call.action()) ? Optional.empty() : project.template(name);
  }

  synchronized List<GceCall> calls() {
    return List.copyOf(calls);
  }

  synchronized List<GceCall> calls(String action) {
    return calls.stream().filter(call -> call.action().equals(action)).toList();
  }

  /** All that there are, without lag. */
  synchronized Collection<ObjectNode> machines() {
    return project.machines();
  }

  /** Makes one by other hands. */
  synchronized void make(String zone, String template, ObjectNode request) {
    project.insert(zone, project.template(template).orElseThrow(), request, "");
  }

  /** The next call of an action is refused. */
  synchronized void refusesNext(String action, GceCode code) {
    refusals.computeIfAbsent(action, _ -> new ArrayDeque<>()).add(code);
  }

  /** Operations that make machines there end so, until {@link #isFull}. */
  synchronized void isEmpty(String zone, GceCode code) {
    empty.put(zone, code);
  }

  synchronized void isFull() {
    empty.clear();
  }

  /** The next call of an action goes through, and its caller hears nothing. */
  synchronized void losesNextReply(String action) {
    lost.merge(action, 1, Integer::sum);
  }

  /** {@code wait} does not answer any more; else it answers at once. */
  synchronized void hangs() {
    hangs = true;
  }

  /** {@code wait} answers after this. */
  synchronized void whileWaiting(Runnable passing) {
    hangs = false;
    whileWaiting = passing;
  }

  synchronized void doesNotReach(String zone) {
    unreachable.add(zone);
  }

  synchronized void doesNotOffer(String zone, String type) {
    notOffered.add(zone + "/" + type);
  }

  synchronized void pagesBy(int entries) {
    page = entries;
  }

  /** Takes a spot machine back. */
  synchronized void preempt(String id) {
    project.preempt(zone(id), name(id));
  }

  /** It ends from within, and stays. */
  synchronized void stop(String id) {
    project.stop(zone(id), name(id));
  }

  private static String zone(String id) {
    return id.substring(0, id.indexOf('/'));
  }

  private static String name(String id) {
    return id.substring(id.indexOf('/') + 1);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      var call = GceCall.of(exchange, clock.instant());
      var reply = answer(call, body(exchange));
      if (isLost(call.action()) || doesHang(call.action())) {
        return; // closed without a word
      }
      var bytes = JSON.writeValueAsBytes(reply.body());
      exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
      exchange.sendResponseHeaders(reply.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  /** Google's client packs what it sends. */
  private static ObjectNode body(HttpExchange exchange) throws IOException {
    var packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
    var sent = exchange.getRequestBody();
    var body = (packed ? new GZIPInputStream(sent) : sent).readAllBytes();
    return body.length == 0 ? JSON.createObjectNode() : (ObjectNode) JSON.readTree(body);
  }

  private synchronized boolean isLost(String action) {
    return isLeft(lost, action);
  }

  private static boolean isLeft(Map<String, Integer> times, String action) {
    var left = times.getOrDefault(action, 0);
    times.put(action, Math.max(0, left - 1));
    return left > 0;
  }

  private boolean doesHang(String action) {
    synchronized (this) {
      if (!hangs || !action.equals(GceCall.WAIT)) {
        return false;
      }
    }
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  private synchronized Reply answer(GceCall call, ObjectNode body) {
    calls.add(call);
    var refusal = refusals.getOrDefault(call.action(), new ArrayDeque<>()).poll();
    if (refusal != null) {
      return refused(refusal.status(), refusal.code(), "as it was told to");
    }
    return switch (call.action()) {
      case GceCall.INSERT -> insert(call, body);
      case GceCall.DELETE -> delete(call);
      case GceCall.LIST -> list(call);
      case GceCall.TEMPLATE ->
          template(call, call.subject()).map(DocumentedGce::ok).orElse(notFound(call));
      case GceCall.OPERATIONS -> operations(call);
      case GceCall.WAIT -> {
        whileWaiting.run();
        yield operation(call);
      }
      case GceCall.OPERATION -> operation(call);
      default ->
          project
              .machine(call.zone(), call.subject())
              .map(DocumentedGce::ok)
              .orElse(notFound(call));
    };
  }

  private Reply operation(GceCall call) {
    return project
        .operation(call.zone(), call.subject())
        .map(DocumentedGce::ok)
        .orElse(notFound(call));
  }

  private static Reply ok(ObjectNode body) {
    return new Reply(200, body);
  }

  private static Reply notFound(GceCall call) {
    var where = call.action().equals(GceCall.TEMPLATE) ? "global/instanceTemplates" : call.zone();
    return refused(
        404,
        "notFound",
        "The resource 'projects/p/%s/%s' was not found".formatted(where, call.subject()));
  }

  private static Reply refused(int status, String reason, String message) {
    var error = JSON.createObjectNode();
    var body = error.putObject("error").put("code", status).put("message", message);
    body.putArray("errors")
        .addObject()
        .put("message", message)
        .put("domain", "global")
        .put("reason", reason);
    return new Reply(status, error);
  }

  private Reply insert(GceCall call, ObjectNode body) {
    var request = call.zone() + "/" + call.query().getOrDefault("requestId", "");
    var before = answered.get(request);
    if (before != null) {
      return ok(project.operation(call.zone(), before).orElseThrow());
    }
    var link = call.query().getOrDefault("sourceInstanceTemplate", "");
    var template = template(call, link.substring(link.lastIndexOf('/') + 1));
    if (template.isEmpty()) {
      return refused(404, "notFound", "The resource '%s' was not found".formatted(link));
    }
    var wrong = wrong(call.zone(), body);
    if (!wrong.isEmpty()) {
      return refused(400, "invalid", wrong);
    }
    var name = body.path("name").asText();
    if (project.has(call.zone(), name)) {
      return refused(409, "alreadyExists", "The resource '%s' already exists".formatted(name));
    }
    var error = empty.get(call.zone());
    var operation =
        project.insert(call.zone(), template.get(), body, error == null ? "" : error.code());
    answered.put(request, operation);
    return ok(project.operation(call.zone(), operation).orElseThrow());
  }

  /** What is wrong with a request; empty: nothing. */
  private String wrong(String zone, ObjectNode body) {
    for (var label : body.path("labels").properties()) {
      if (!LABEL.matcher(label.getValue().asText()).matches()) {
        return "Invalid value for field 'resource.labels': '%s'".formatted(label);
      }
    }
    var scheduling = body.path("scheduling");
    if (scheduling.path("provisioningModel").asText().equals("SPOT")
        && scheduling.path("automaticRestart").asBoolean(true)) {
      return "Scheduling automatic restart must be false when the provisioning model is SPOT";
    }
    var type = body.path("machineType").asText();
    var bare = type.substring(type.lastIndexOf('/') + 1);
    return notOffered.contains(zone + "/" + bare)
        ? "Machine type with name '%s' does not exist in zone '%s'.".formatted(bare, zone)
        : "";
  }

  private Reply delete(GceCall call) {
    if (!project.has(call.zone(), call.subject())) {
      return notFound(call);
    }
    var operation = project.delete(call.zone(), call.subject());
    return ok(project.operation(call.zone(), operation).orElseThrow());
  }

  private Reply operations(GceCall call) {
    var has = HAS.matcher(call.query().getOrDefault("filter", ""));
    var part = has.matches() ? has.group(1) : "";
    var found =
        project.operations(call.zone()).stream()
            .filter(operation -> operation.path("targetLink").asText().contains(part))
            .toList();
    var body = JSON.createObjectNode();
    body.putArray("items").addAll(page(call, found, body));
    return ok(body);
  }

  /** The part that is asked for; its body then says whether there is more. */
  private List<ObjectNode> page(GceCall call, List<ObjectNode> found, ObjectNode body) {
    int from = Integer.parseInt(call.query().getOrDefault("pageToken", "0"));
    int to = (int) Math.min(found.size(), (long) from + page);
    if (to < found.size()) {
      body.put("nextPageToken", String.valueOf(to));
    }
    return found.subList(from, to);
  }

  private Reply list(GceCall call) {
    var wanted = new HashMap<String, String>();
    var filter = EQUAL.matcher(call.query().getOrDefault("filter", ""));
    while (filter.find()) {
      wanted.put(filter.group(1), filter.group(2));
    }
    var found =
        project.listed().stream()
            .filter(machine -> !unreachable.contains(zoneOf(machine)))
            .filter(machine -> carries(machine, wanted))
            .toList();
    var body = JSON.createObjectNode();
    var shown = page(call, found, body);
    var scopes = body.putObject("items");
    for (var zone : zones) {
      var here = shown.stream().filter(each -> zoneOf(each).equals(zone)).toList();
      var scope = scopes.putObject("zones/" + zone);
      if (unreachable.contains(zone)) {
        scope.putObject("warning").put("code", "UNREACHABLE");
      } else if (here.isEmpty()) {
        scope.putObject("warning").put("code", "NO_RESULTS_ON_PAGE");
      } else {
        scope.putArray("instances").addAll(here);
      }
    }
    return ok(body);
  }

  private static String zoneOf(ObjectNode machine) {
    var zone = machine.path("zone").asText();
    return zone.substring(zone.lastIndexOf('/') + 1);
  }

  private static boolean carries(ObjectNode machine, Map<String, String> wanted) {
    return wanted.entrySet().stream()
        .allMatch(
            mark -> machine.path("labels").path(mark.getKey()).asText().equals(mark.getValue()));
  }

  @Override
  public void close() {
    closed.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
