package io.fettle.cli.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.workflows.run.FineTuneWorkflow;
import io.fettle.workflows.training.TrainProgress;
import io.fettle.workflows.wire.SearchAttributes;
import io.fettle.workflows.wire.Wire;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowExecutionDescription;
import io.temporal.client.WorkflowExecutionMetadata;
import io.temporal.client.WorkflowNotFoundException;
import io.temporal.client.WorkflowStub;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.converter.DataConverter;
import io.temporal.common.converter.DataConverterException;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The runs that the server knows, found as users name them. */
public final class Runs {
  private static final String QUERY = "WorkflowType = 'FineTuneWorkflow'";
  private static final String PARKED = "waiting_operator";
  private static final int LONGEST_ACTIVITY = 76;

  private final WorkflowClient client;
  private final DataConverter converter = Wire.dataConverter();

  public Runs(WorkflowClient client) {
    this.client = client;
  }

  /**
   * One run's newest execution.
   *
   * @param status the server's word in lower case, such as {@code running} or {@code completed}
   * @param phase {@code waiting_operator} where it is parked
   * @param dataset the dataset hash; {@code none} before prepare has ended, empty for runs of
   *     releases that did not tag them
   */
  public record Found(
      String id,
      String execution,
      String status,
      Instant started,
      String name,
      String phase,
      String outcome,
      String verdict,
      String dataset) {
    public boolean isOpen() {
      return status.equals("running");
    }

    static Found of(WorkflowExecutionMetadata execution) {
      var status = execution.getStatus().name().replace("WORKFLOW_EXECUTION_STATUS_", "");
      return new Found(
          execution.getExecution().getWorkflowId(),
          execution.getExecution().getRunId(),
          status.toLowerCase(Locale.ROOT),
          execution.getStartTime(),
          said(execution, SearchAttributes.NAME),
          said(execution, SearchAttributes.PHASE),
          said(execution, SearchAttributes.OUTCOME),
          said(execution, SearchAttributes.VERDICT),
          said(execution, SearchAttributes.DATASET));
    }

    private static String said(
        WorkflowExecutionMetadata execution, SearchAttributeKey<String> attribute) {
      var value = execution.getTypedSearchAttributes().get(attribute);
      return value == null ? "" : value;
    }
  }

  /** Newest first, one entry a run. */
  public List<Found> all() {
    var newest = new LinkedHashMap<String, Found>();
    executions(QUERY).forEach(found -> newest.putIfAbsent(found.id(), found));
    return List.copyOf(newest.values());
  }

  /** Every execution of one run, newest first. */
  public List<Found> executions(Found run) {
    return executions("WorkflowId = '%s'".formatted(run.id()));
  }

  private List<Found> executions(String query) {
    return client
        .listExecutions(query)
        .map(Found::of)
        .sorted(Comparator.comparing(Found::started).reversed())
        .toList();
  }

  /** The run of that id, asked of the server itself: its list may lag behind. */
  public Found byId(String id) {
    return find(id)
        .orElseThrow(
            () ->
                new CommandFailure(
                    ExitCode.INVALID,
                    "no run is called %s; `fettle list` shows them".formatted(id)));
  }

  private Optional<Found> find(String id) {
    try {
      return Optional.of(Found.of(client.newUntypedWorkflowStub(id).describe()));
    } catch (WorkflowNotFoundException unknown) {
      return Optional.empty();
    }
  }

  /**
   * The run that a user means: its id, a unique prefix of it, its name (newest), or nothing (newest
   * run).
   *
   * @throws CommandFailure where none or several fit
   */
  public Found named(@Nullable String given) {
    List<Found> runs = all();
    if (given != null) {
      return choose(runs, given).orElseGet(() -> byId(given));
    }
    if (runs.isEmpty()) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "there is no run yet; start one with `fettle run SPEC` or `fettle demo`");
    }
    return runs.getFirst();
  }

  /** An id wins over a name, a name over a prefix. */
  static Optional<Found> choose(List<Found> newestFirst, String given) {
    var exact = newestFirst.stream().filter(run -> run.id().equals(given)).findFirst();
    if (exact.isPresent()) {
      return exact;
    }
    var runs = newestFirst.stream().filter(run -> !isAdvice(run)).toList();
    var named = runs.stream().filter(run -> run.name().equals(given)).findFirst();
    if (named.isPresent()) {
      return named;
    }
    var prefixed = runs.stream().filter(run -> run.id().startsWith(given)).toList();
    if (prefixed.size() > 1) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "%s fits %s; give more of the id"
              .formatted(given, prefixed.stream().map(Found::id).toList()));
    }
    return prefixed.stream().findFirst();
  }

  /** Asked for by its whole id alone: a name or prefix means the run itself. */
  private static boolean isAdvice(Found run) {
    return run.id().endsWith(Submission.ADVICE);
  }

  public FineTuneWorkflow workflow(Found run) {
    return client.newWorkflowStub(FineTuneWorkflow.class, run.id());
  }

  public WorkflowStub stub(Found run) {
    return client.newUntypedWorkflowStub(run.id());
  }

  /** Status and what is under way. */
  public Look look(Found run) {
    var status = workflow(run).status();
    var described = stub(run).describe();
    var pending =
        described.getRawDescription().getPendingActivitiesList().stream()
            .filter(PendingActivityInfo::hasHeartbeatDetails)
            .findFirst();
    var train = pending.filter(Runs::isTrain).flatMap(this::progress);
    var activity = pending.filter(each -> !isTrain(each)).map(this::line);
    return new Look(status, train, activity, isParked(described));
  }

  private static boolean isParked(WorkflowExecutionDescription described) {
    return PARKED.equals(described.getTypedSearchAttributes().get(SearchAttributes.PHASE));
  }

  private static boolean isTrain(PendingActivityInfo activity) {
    return activity.getActivityType().getName().equals("Train");
  }

  private Optional<TrainProgress> progress(PendingActivityInfo activity) {
    try {
      return Optional.ofNullable(
          converter.fromPayloads(
              0,
              Optional.of(activity.getHeartbeatDetails()),
              TrainProgress.class,
              TrainProgress.class));
    } catch (DataConverterException ofAnotherVersion) {
      return Optional.empty();
    }
  }

  private String line(PendingActivityInfo activity) {
    var details = activity.getHeartbeatDetails();
    var text =
        details.getPayloadsCount() == 0 ? "" : details.getPayloads(0).getData().toStringUtf8();
    return activity("  " + activity.getActivityType().getName().toLowerCase(Locale.ROOT), text);
  }

  /** Counts where the activity tells some, else what it says. */
  static String activity(String name, String json) {
    var said = parsed(json);
    var phase = said.isObject() ? said.path("phase").asText() : said.asText();
    var total = said.path("total").asLong() > 0 ? "/" + said.path("total").asLong() : "";
    long done = said.path("done").asLong();
    var counted =
        done == 0 && total.isEmpty()
            ? ""
            : " %d%s %s".formatted(done, total, said.path("unit").asText());
    var line = "%s  %s%s".formatted(name, phase, counted).stripTrailing();
    return line.length() <= LONGEST_ACTIVITY ? line : line.substring(0, LONGEST_ACTIVITY);
  }

  private static JsonNode parsed(String json) {
    try {
      return Wire.mapper().readTree(json);
    } catch (JsonProcessingException prose) {
      return TextNode.valueOf(json);
    }
  }
}
