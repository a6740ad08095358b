package io.fettle.workflows.run;

import io.fettle.workflows.artifact.BaseModel;
import io.fettle.workflows.data.Dataset;
import io.fettle.workflows.evaluation.Baselines;
import io.fettle.workflows.lineage.RunStory.Document;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.plan.Schedule;
import io.fettle.workflows.wire.Reference;
import io.temporal.workflow.Workflow;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the phases before train have made; what of a run goes into its next execution. */
final class Made {
  private final List<Document> documents = new ArrayList<>();
  private final String execution;
  private final String salt;
  private @Nullable Plan plan;
  private @Nullable BaseModel baseModel;
  private @Nullable Dataset dataset;
  private @Nullable Schedule schedule;
  private @Nullable Baselines baselines;

  Made(RunRequest request) {
    Optional<Continued> from = request.continued();
    execution = from.map(Continued::execution).orElseGet(() -> Workflow.getInfo().getRunId());
    salt =
        from.map(Continued::salt)
            .orElseGet(() -> request.fresh() ? Workflow.getInfo().getOriginalExecutionRunId() : "");
    document("spec", request.spec());
    document("criteria", request.criteria());
    from.ifPresent(this::goOn);
  }

  private void goOn(Continued from) {
    from.documents().forEach(each -> document(each.name(), each.reference()));
    plan = from.plan();
    baseModel = from.baseModel();
    dataset = from.dataset();
    schedule = from.schedule();
    baselines = from.baselines();
  }

  /** Everything that must survive between two leases. */
  Continued continued(HistoryFull full, Journal journal, Continued.Changes amended) {
    return new Continued(
        execution,
        salt,
        made(plan),
        model(),
        made(dataset),
        made(baselines),
        schedule(),
        documents,
        journal.folded(),
        journal.leasesOpened(),
        full.crashes(),
        full.remedy(),
        amended);
  }

  void document(String name, Reference reference) {
    documents.removeIf(document -> document.name().equals(name));
    documents.add(new Document(name, reference));
  }

  List<Document> documents() {
    return documents;
  }

  String execution() {
    return execution;
  }

  String salt() {
    return salt;
  }

  void plan(Plan resolved) {
    plan = resolved;
    document("resolvedSpec", resolved.spec());
  }

  void model(BaseModel fetched) {
    baseModel = fetched;
    document("baseModel", fetched.tree());
  }

  BaseModel model() {
    return made(baseModel);
  }

  void dataset(Dataset prepared) {
    dataset = prepared;
    document("dataset", prepared.tree());
  }

  void schedule(Schedule resolved) {
    schedule = resolved;
    document("training", resolved.training());
  }

  Schedule schedule() {
    return made(schedule);
  }

  void baselines(Baselines found) {
    baselines = found;
    document("baselines", found.details());
  }

  static <T> T made(@Nullable T byAnEarlierPhase) {
    if (byAnEarlierPhase == null) {
      throw new IllegalStateException("a phase ran before the one that it stands on");
    }
    return byAnEarlierPhase;
  }
}
