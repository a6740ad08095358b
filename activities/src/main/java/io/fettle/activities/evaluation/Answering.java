package io.fettle.activities.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.evaluation.asking.HostedModel;
import io.fettle.activities.evaluation.asking.HostedOptions;
import io.fettle.activities.evaluation.asking.ServedModel;
import io.fettle.activities.evaluation.retrieval.Embeddings;
import io.fettle.activities.evaluation.suite.RegressionSuite;
import io.fettle.activities.serving.ModelServer;
import io.fettle.activities.serving.ModelServer.ChatRequest;
import io.fettle.activities.serving.ModelServer.EngineFailure;
import io.fettle.activities.serving.Serving;
import io.fettle.activities.steps.Beat;
import io.fettle.activities.steps.StepKey;
import io.fettle.workflows.evaluation.AnswerJob;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.ArmCriteria;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.evaluation.Retrieval;
import io.fettle.workflows.spec.AdviseSpec;
import io.fettle.workflows.spec.MethodSpec;
import io.fettle.workflows.spec.Secret;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Reference;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The work of one job: who answers, what stands in the prompts, and what it came to. */
final class Answering {
  private static final double NANOS = 1e9;

  /** Searches with the answer in hand: whether the right passage would help at all. */
  private static final String ORACLE = "oracle";

  /** A word of a passage, in tokens, where the vocabulary is a poor fit. */
  private static final int TOKENS_A_WORD = 2;

  /** Items that a server may decline before the arm says nothing. */
  private static final int FEW = 3;

  private static final int SHARE_DECLINED = 10;

  private final EvaluationOptions options;
  private final Host host;
  private final AnswerJob job;
  private final Spec spec;
  private final Criteria criteria;
  private final Beat beat;
  private Optional<ServedModel> served = Optional.empty();

  Answering(
      EvaluationOptions options,
      Host host,
      AnswerJob job,
      Spec spec,
      Criteria criteria,
      Beat beat) {
    this.options = options;
    this.host = host;
    this.job = job;
    this.spec = spec;
    this.criteria = criteria;
    this.beat = beat;
  }

  /** What serves, where that is the incumbent. */
  Answering with(Optional<ServedModel> model) {
    served = model;
    return this;
  }

  /** The machine that answers. */
  interface Host {
    Path folder(Reference tree) throws IOException;

    /** Serves the job's model. */
    ModelServer serve(Spec spec, AnswerJob job, Consumer<String> waiting)
        throws IOException, InterruptedException, EngineFailure;

    /** Through engines of ours. */
    static Host of(Serving serving) {
      return new Host() {
        @Override
        public Path folder(Reference tree) throws IOException {
          return serving.folder(tree);
        }

        @Override
        public ModelServer serve(Spec spec, AnswerJob job, Consumer<String> waiting)
            throws IOException, InterruptedException, EngineFailure {
          return serving.serve(spec, job.model(), adapters(job, spec), job.run(), waiting);
        }
      };
    }

    /** A server that runs, and a folder that is there. */
    static Host of(ModelServer server, Path dataset) {
      return new Host() {
        @Override
        public Path folder(Reference tree) {
          return dataset;
        }

        @Override
        public ModelServer serve(Spec spec, AnswerJob job, Consumer<String> waiting) {
          return server;
        }
      };
    }
  }

  /** Whether the arm is answered by an engine of ours, on a host. */
  static boolean needsEngine(Arm arm) {
    return switch (arm) {
      case ZERO_SHOT, FEW_SHOT, RAG, TUNED, SERVED, UNKNOWN -> true;
      case INCUMBENT, HOSTED, CLASSICAL -> false;
    };
  }

  /**
   * The base's engine is started with room for the adapter that comes later, so that one engine
   * answers for both.
   */
  static boolean adapters(AnswerJob job, Spec spec) {
    return switch (job.arm()) {
      case ZERO_SHOT, FEW_SHOT, RAG -> spec.method().tuning() != MethodSpec.Tuning.FULL;
      case TUNED -> job.adapter().isPresent();
      case SERVED, INCUMBENT, HOSTED, CLASSICAL, UNKNOWN -> false;
    };
  }

  Answers answers(StepKey key) throws IOException, InterruptedException, EngineFailure {
    Path dataset = host.folder(job.dataset());
    List<Item> items =
        isGeneral() ? Forgetting.items() : Item.read(dataset.resolve(file(job.part())));
    Path answered =
        Files.createDirectories(options.work()).resolve("answers-" + key.hash() + ".jsonl");
    AnswerFile file = new AnswerFile(answered);
    long started = System.nanoTime();
    Made made =
        switch (job.arm()) {
          case CLASSICAL -> classical(dataset, items, file);
          case INCUMBENT, HOSTED -> hosted(items, file, answered);
          case ZERO_SHOT, FEW_SHOT, RAG, TUNED, SERVED, UNKNOWN -> engine(dataset, items, file);
        };
    double seconds = (System.nanoTime() - started) / NANOS;
    Reference blob = options.store().putBlob(AnswerFile.encoded(items, file.read()));
    return new Answers(
        job.arm(),
        job.part(),
        job.shots(),
        blob,
        job.criteria().sha256(),
        made.engine(),
        items.size(),
        seconds,
        false,
        job.variant(),
        made.retrieval());
  }

  private boolean isGeneral() {
    return job.part() == Part.REGRESSION;
  }

  private record Made(String engine, Optional<Retrieval> retrieval) {}

  private static String file(Part part) {
    return part == Part.TEST ? "test.jsonl" : "dev.jsonl";
  }

  private Made engine(Path dataset, List<Item> items, AnswerFile file)
      throws IOException, InterruptedException, EngineFailure {
    try (Searching searching = searching(dataset)) {
      beat.says("engine", 0, "items");
      ModelServer server = host.serve(spec, job, word -> beat.says(word, 0, "items"));
      String model = model(server);
      // what prompted arms are told of the task has no place in general questions
      Prompts prompts =
          new Prompts(isGeneral() ? Arm.SERVED : job.arm(), told(), context(dataset, searching));
      Map<String, JsonNode> form = form(dataset);
      int maxTokens = isGeneral() ? RegressionSuite.MAX_TOKENS : criteria.maxTokens();
      new Asking(
              (messages, tools) ->
                  server.complete(new ChatRequest(model, messages, maxTokens, tools, form)),
              prompts,
              criteria)
          .ask(items, file, beat);
      Optional<Retrieval> retrieval =
          searching == null
              ? Optional.empty()
              : Optional.of(searching.retrieval(items, file.read()));
      return new Made(server.engine(), retrieval);
    }
  }

  /** What prompted arms are told; a probe may try another instruction. */
  private String told() {
    return tries("prompt") ? otherPrompt(spec) : criteria.systemPrompt();
  }

  /** The instruction that a probe tries in the place of the usual one. */
  static String otherPrompt(Spec spec) {
    AdviseSpec advise = spec.evaluate().advise();
    String other = advise == null ? null : advise.betterPrompt();
    return Objects.requireNonNullElse(other, "");
  }

  private Map<String, JsonNode> form(Path dataset) throws IOException {
    return tries("constrained")
        ? Forms.of(criteria, train(dataset).stream().map(Item::reference).toList())
        : Map.of();
  }

  private boolean tries(String probe) {
    return job.arm() == Arm.ZERO_SHOT && job.variant().equals(probe);
  }

  private String model(ModelServer server) throws IOException, InterruptedException, EngineFailure {
    Optional<Reference> adapter = job.adapter();
    return adapter.isEmpty()
        ? server.modelName()
        : server.loadAdapter("adapter-" + adapter.get().shortHash(), host.folder(adapter.get()));
  }

  private Context context(Path dataset, @Nullable Searching searching) throws IOException {
    if (searching != null) {
      return tries(ORACLE) ? item -> searching.of(item.withAnswer()) : searching;
    }
    return job.shots() > 0 ? Prompts.random(criteria, train(dataset), job.shots()) : Context.NONE;
  }

  private @Nullable Searching searching(Path dataset) throws IOException, InterruptedException {
    Searching.Place place =
        new Searching.Place(options.store(), options.work().resolve("indexes"), dataset);
    if (job.arm() == Arm.RAG || tries(ORACLE)) {
      ArmCriteria.Passages rag = arms().rag().orElseThrow(() -> notFrozen("evaluate.rag"));
      return Searching.passages(rag, train(dataset), roomWords(), place, beat);
    }
    return job.arm() == Arm.FEW_SHOT && job.variant().equals("nearest")
        ? Searching.examples(train(dataset), job.shots(), place, beat)
        : null;
  }

  /** Words that the engine has room for beside an answer. */
  private int roomWords() {
    int tokens = Objects.requireNonNullElse(spec.deploy().maxModelLen(), spec.data().maxLength());
    return Math.max(0, tokens - criteria.maxTokens()) / TOKENS_A_WORD
        - Item.words(criteria.systemPrompt());
  }

  private static List<Item> train(Path dataset) throws IOException {
    return Item.read(dataset.resolve("train.jsonl"));
  }

  private Made classical(Path dataset, List<Item> items, AnswerFile file)
      throws IOException, InterruptedException {
    List<Item> dev = Item.read(dataset.resolve(file(Part.DEV)));
    try (Classical model = Classical.train(train(dataset), dev, beat::says)) {
      Map<String, AnswerLine> answered = file.read();
      for (Item item : items) {
        if (!answered.containsKey(item.id())) {
          file.append(model.answer(item));
        }
      }
      return new Made(model.toString(), Optional.empty());
    }
  }

  private Made hosted(List<Item> items, AnswerFile file, Path answered)
      throws IOException, InterruptedException, EngineFailure {
    ArmCriteria.Endpoint endpoint = endpoint();
    HostedOptions asked =
        HostedOptions.of(called(), URI.create(endpoint.url()), endpoint.model(), key());
    try (HostedModel model = new HostedModel(asked)) {
      new Asking(
              (messages, tools) -> model.answer(messages, tools, criteria.maxTokens()),
              new Prompts(job.arm(), criteria, Context.NONE),
              criteria)
          .ask(items, file, beat);
    } catch (ApplicationFailure failure) {
      throw served.map(model -> model.explained(failure)).orElse(failure);
    }
    refuseDeclined(items.size(), file, answered, asked);
    String model = served.map(ServedModel::toString).orElse(endpoint.model());
    return new Made("%s at %s".formatted(model, endpoint.url()), Optional.empty());
  }

  /** An arm that declined much is no measure of its model; its file would count as answered. */
  private void refuseDeclined(int items, AnswerFile file, Path answered, HostedOptions asked)
      throws IOException {
    long declined =
        file.read().values().stream()
            .filter(line -> line.answer().isEmpty() && line.answerTokens() == 0)
            .count();
    long most = job.arm() == Arm.INCUMBENT ? 0 : Math.max(FEW, items / SHARE_DECLINED);
    if (declined > most) {
      Files.deleteIfExists(answered);
      throw FailureType.BAD_CONFIG.failure(
          "%s gave no answer to %d of %d items, so it cannot be compared; see what the server takes, or leave it out"
              .formatted(asked, declined, items));
    }
  }

  private ArmCriteria.Endpoint endpoint() throws IOException {
    return job.arm() == Arm.INCUMBENT
        ? atServed(arms().incumbent().orElseThrow(() -> notFrozen(called())))
        : arms().hosted().stream()
            .filter(endpoint -> endpoint.name().equals(job.variant()))
            .findFirst()
            .orElseThrow(() -> notFrozen(called()));
  }

  private ArmCriteria.Endpoint atServed(ArmCriteria.Endpoint frozen) {
    if (!frozen.url().isEmpty()) {
      return frozen;
    }
    return served
        .map(ServedModel::address)
        .orElseThrow(
            () ->
                FailureType.PREREQUISITE_MISSING.failure(
                    "evaluate.incumbent: endpoint %s serves nothing; deploy a model there, or leave it out"
                        .formatted(frozen.name())));
  }

  private String called() {
    return job.arm() == Arm.INCUMBENT
        ? "evaluate.incumbent"
        : "evaluate.others, " + job.variant() + ",";
  }

  private Optional<String> key() {
    Optional<Secret> named =
        job.arm() == Arm.INCUMBENT
            ? Optional.ofNullable(spec.evaluate().incumbent()).map(each -> each.key())
            : spec.evaluate().others().stream()
                .filter(other -> other.name().equals(job.variant()))
                .findFirst()
                .map(each -> each.key());
    return named.map(
        secret ->
            options
                .secrets()
                .apply(secret.secret())
                .orElseThrow(
                    () ->
                        FailureType.PREREQUISITE_MISSING.failure(
                            "%s names the key %s, which is not set here; set the variable, start the workers again with `fettle up`, and run again"
                                .formatted(called(), secret.secret()))));
  }

  private ArmCriteria arms() throws IOException {
    ArmCriteria frozen = criteria.arms().orElseThrow(() -> notFrozen("the arm"));
    if (!frozen.embedding().isEmpty() && !frozen.embedding().equals(Embeddings.sha256())) {
      throw notFrozen("the embedding model of this release");
    }
    return frozen;
  }

  private RuntimeException notFrozen(String what) {
    return FailureType.NOT_VERIFIED.failure(
        "criteria %s do not hold %s, which the run asks for; start the run again so that they are frozen anew"
            .formatted(job.criteria().shortHash(), what));
  }
}
