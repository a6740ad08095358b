package io.fettle.activities.evaluation;

import io.fettle.activities.evaluation.Answering.Host;
import io.fettle.activities.evaluation.asking.ServedModel;
import io.fettle.activities.serving.ModelServer.EngineFailure;
import io.fettle.activities.serving.Serving;
import io.fettle.activities.steps.Beat;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.evaluation.AnswerActivities;
import io.fettle.workflows.evaluation.AnswerJob;
import io.fettle.workflows.evaluation.AnswerLookupActivities;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.ArmCriteria;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import io.temporal.activity.Activity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers of one arm to one part, as a cached step. */
final class AnswerStep implements AnswerActivities, AnswerLookupActivities {
  /** Raised when equal inputs would be asked in another way. */
  private static final int ASKING = 2; // 2: with the row's tools

  private static final int ASKING_HOSTED = 3; // 3: these too are sent the row's tools

  private final EvaluationOptions options;
  private final Serving serving;

  AnswerStep(EvaluationOptions options, Serving serving) {
    this.options = options;
    this.serving = serving;
  }

  /** A variant that is null counts as absent, so that records of older releases are found. */
  private record KeyInputs(
      int asking,
      String arm,
      String part,
      int shots,
      String criteria,
      String dataset,
      String engine,
      String adapter,
      String salt,
      @Nullable String variant) {}

  @Override
  public Answers answer(AnswerJob job) {
    return Beat.during(
        beat -> {
          try {
            return answered(job, beat);
          } catch (EngineFailure failure) {
            throw FailureType.ENGINE_FAILED.failure(String.valueOf(failure.getMessage()));
          }
        });
  }

  private Answers answered(AnswerJob job, Beat beat) throws Exception {
    Spec spec = decoded(job.spec(), Spec.class);
    Criteria criteria = decoded(job.criteria(), Criteria.class);
    Optional<ServedModel> served = served(job, criteria);
    if (served.isPresent() && !served.get().isThere(serving)) {
      throw served.get().isAway();
    }
    StepKey key = key(job, spec, served);
    StepCache.Result<Answers> result =
        options
            .steps()
            .once(
                key,
                Answers.class,
                () ->
                    new Answering(options, Host.of(serving), job, spec, criteria, beat)
                        .with(served)
                        .answers(key),
                holder -> beat.says("wait for " + holder, 0, "items"));
    return result.reused() ? result.value().asReused() : result.value();
  }

  @Override
  public Optional<Answers> findAnswers(AnswerJob job) {
    try {
      Spec spec = decoded(job.spec(), Spec.class);
      Optional<ServedModel> served = served(job, decoded(job.criteria(), Criteria.class));
      if (job.part() == Part.DEV && served.isPresent() && !served.get().isThere(serving)) {
        return Optional.empty(); // who answers says so, before anything is trained
      }
      return options.steps().find(key(job, spec, served), Answers.class).map(Answers::asReused);
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
      throw Activity.wrap(stopping);
    }
  }

  /** What the endpoint that the criteria name serves now; empty for every other arm. */
  private Optional<ServedModel> served(AnswerJob job, Criteria criteria) {
    return criteria
        .arms()
        .filter(_ -> job.arm() == Arm.INCUMBENT)
        .flatMap(ArmCriteria::incumbent)
        .flatMap(incumbent -> ServedModel.of(options.store(), incumbent));
  }

  private StepKey key(AnswerJob job, Spec spec, Optional<ServedModel> served) throws IOException {
    KeyInputs inputs =
        new KeyInputs(
            job.arm() == Arm.HOSTED ? ASKING_HOSTED : ASKING,
            job.arm().name(),
            job.part().name(),
            job.shots(),
            job.criteria().sha256(),
            job.dataset().sha256(),
            Answering.needsEngine(job.arm())
                ? serving.identity(spec, job.model(), Answering.adapters(job, spec))
                : "",
            job.adapter().map(Reference::sha256).orElse(""),
            job.salt(),
            variant(job, spec, served));
    return StepKey.of("answer", inputs, "");
  }

  /** A probe's instruction is in no criteria, so its hash stands here. */
  private static @Nullable String variant(AnswerJob job, Spec spec, Optional<ServedModel> served) {
    if (job.arm() == Arm.ZERO_SHOT && job.variant().equals("prompt")) {
      byte[] told = Answering.otherPrompt(spec).getBytes(StandardCharsets.UTF_8);
      return job.variant() + " " + Stores.sha256(told);
    }
    if (served.isPresent()) {
      return served.get().id();
    }
    if (job.arm() == Arm.INCUMBENT) {
      // what answers there may be another model by the next execution
      return Activity.getExecutionContext().getInfo().getWorkflowRunId();
    }
    return job.variant().isEmpty() ? null : job.variant();
  }

  private <T> T decoded(Reference reference, Class<T> type) throws IOException {
    return Wire.mapper().readValue(options.store().read(reference), type);
  }
}
