package io.fettle.activities.evaluation;

import io.fettle.activities.serving.ModelServer;
import io.fettle.activities.serving.ModelServer.EngineFailure;
import io.fettle.activities.serving.Serving;
import io.fettle.activities.steps.Beat;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.steps.StepKey;
import io.fettle.workflows.evaluation.AnswerActivities;
import io.fettle.workflows.evaluation.AnswerJob;
import io.fettle.workflows.evaluation.AnswerLookupActivities;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Answers of one arm to one part, as a cached step. */
final class AnswerStep implements AnswerActivities, AnswerLookupActivities {
  /** Raised when equal inputs would be asked in another way. */
  private static final int ASKING = 1;

  private static final double NANOS = 1e9;

  private final EvaluationOptions options;
  private final Serving serving;

  AnswerStep(EvaluationOptions options, Serving serving) {
    this.options = options;
    this.serving = serving;
  }

  private record KeyInputs(
      int asking,
      String arm,
      String part,
      int shots,
      String criteria,
      String dataset,
      String engine,
      String adapter,
      String salt) {}

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
    StepKey key = key(job, spec);
    StepCache.Result<Answers> result =
        options
            .steps()
            .once(
                key,
                Answers.class,
                () -> asked(job, spec, key, beat),
                holder -> beat.says("wait for " + holder, 0, "items"));
    return result.reused() ? reused(result.value()) : result.value();
  }

  private Answers asked(AnswerJob job, Spec spec, StepKey key, Beat beat)
      throws IOException, InterruptedException, EngineFailure {
    Criteria criteria = decoded(job.criteria(), Criteria.class);
    Path dataset = serving.folder(job.dataset());
    List<Item> items =
        Item.read(dataset.resolve(job.part() == Part.TEST ? "test.jsonl" : "dev.jsonl"));
    List<Item> train = job.shots() > 0 ? Item.read(dataset.resolve("train.jsonl")) : List.of();
    beat.says("engine", 0, "items");
    ModelServer server =
        serving.serve(
            spec, job.model(), adapters(job, spec), job.run(), word -> beat.says(word, 0, "items"));
    String model = model(server, job);
    AnswerFile file =
        new AnswerFile(
            Files.createDirectories(options.work()).resolve("answers-" + key.hash() + ".jsonl"));
    long started = System.nanoTime();
    new Asking(
            server,
            model,
            new Prompts(job.arm(), criteria, train, job.shots()),
            criteria.maxTokens(),
            criteria.concurrency())
        .ask(items, file, beat);
    double seconds = (System.nanoTime() - started) / NANOS;
    Reference answers = options.store().putBlob(AnswerFile.encoded(items, file.read()));
    return new Answers(
        job.arm(),
        job.part(),
        job.shots(),
        answers,
        job.criteria().sha256(),
        server.engine(),
        items.size(),
        seconds,
        false);
  }

  private String model(ModelServer server, AnswerJob job)
      throws IOException, InterruptedException, EngineFailure {
    Optional<Reference> adapter = job.adapter();
    return adapter.isEmpty()
        ? server.modelName()
        : server.loadAdapter("adapter-" + adapter.get().shortHash(), serving.folder(adapter.get()));
  }

  /**
   * The base's engine is started with room for the adapter that comes later, so that one engine
   * answers for both.
   */
  private static boolean adapters(AnswerJob job, Spec spec) {
    return switch (job.arm()) {
      case ZERO_SHOT, FEW_SHOT, RAG ->
          spec.method().tuning() != io.fettle.workflows.spec.MethodSpec.Tuning.FULL;
      case TUNED -> job.adapter().isPresent();
      case SERVED, INCUMBENT, UNKNOWN -> false;
    };
  }

  @Override
  public Optional<Answers> findAnswers(AnswerJob job) {
    try {
      return options
          .steps()
          .find(key(job, decoded(job.spec(), Spec.class)), Answers.class)
          .map(AnswerStep::reused);
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    }
  }

  private StepKey key(AnswerJob job, Spec spec) throws IOException {
    KeyInputs inputs =
        new KeyInputs(
            ASKING,
            job.arm().name(),
            job.part().name(),
            job.shots(),
            job.criteria().sha256(),
            job.dataset().sha256(),
            serving.identity(spec, job.model(), adapters(job, spec)),
            job.adapter().map(Reference::sha256).orElse(""),
            job.salt());
    return StepKey.of("answer", inputs, "");
  }

  private <T> T decoded(Reference reference, Class<T> type) throws IOException {
    return Wire.mapper().readValue(options.store().read(reference), type);
  }

  private static Answers reused(Answers made) {
    return new Answers(
        made.arm(),
        made.part(),
        made.shots(),
        made.file(),
        made.criteriaSha256(),
        made.engine(),
        made.items(),
        made.seconds(),
        true);
  }
}
