package io.fettle.activities.serving;

import io.fettle.activities.serving.ModelServer.EngineFailure;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.serving.AliasActivities;
import io.fettle.workflows.serving.DeployActivities;
import io.fettle.workflows.serving.EngineActivities;
import io.fettle.workflows.spec.DeploySpec;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.Reference;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Consumer;

/** Engines for those who evaluate, and the activities for those who deploy. */
public final class Serving {
  /** Ranks that vLLM accepts; the adapter's own is rounded up. */
  private static final int[] LORA_RANKS = {8, 16, 32, 64, 128, 256, 320, 512};

  /** Plans made before there was a choice name none. */
  private static final DeploySpec.Dtype DTYPE_OF_OLD_PLANS = DeploySpec.Dtype.BFLOAT16;

  private final ServingOptions options;
  private final Engines engines;

  public Serving(ServingOptions options) {
    this.options = options;
    this.engines = new Engines(options.engines(), options.environments());
  }

  /**
   * A server that somebody else runs, asked as an engine is.
   *
   * @param url base address without {@code /v1}
   * @param log where its runner finds what it did, for messages
   */
  public static ModelServer at(URI url, String model, Path log) {
    return new OpenAiServer(url, model, model, log);
  }

  /** Engines of this host. */
  public EngineActivities engineActivities() {
    return new HostEngines(options, engines, this);
  }

  /** The aliases in a store. */
  public static AliasActivities aliasActivities(ObjectStore store) {
    return new Aliases(store);
  }

  /** Sends requests to the endpoints' entity workflows. */
  public static DeployActivities deployActivities(WorkflowClient client) {
    return new DeployRequests(client);
  }

  /**
   * The engine for a model under a resolved spec: started, or adopted where one with the same flags
   * runs. Ready means that it has generated a token.
   *
   * @param adapters whether it must be able to load adapters beside the model
   * @param owner the run that may stop it
   * @param waiting told again and again while it starts
   */
  public ModelServer serve(
      Spec spec, Reference model, boolean adapters, String owner, Consumer<String> waiting)
      throws IOException, InterruptedException, EngineFailure {
    return running(spec, model, adapters, "model", owner, waiting).server();
  }

  /**
   * Whether an engine that was loaded for the endpoint lives on this machine at that address and
   * generates: a port alone may be another engine's by now.
   *
   * @param url base address without {@code /v1}
   */
  public boolean servesAt(String endpoint, String url) throws IOException, InterruptedException {
    for (Engines.Running engine : engines.of(EngineRecord.ENDPOINT + endpoint)) {
      if (engine.server().url().toString().equals(url) && engine.server().generates()) {
        return true;
      }
    }
    return false;
  }

  Engines.Running running(
      Spec spec,
      Reference model,
      boolean adapters,
      String modelName,
      String owner,
      Consumer<String> waiting)
      throws IOException, InterruptedException, EngineFailure {
    return engines.ensure(flags(spec, model, adapters), folder(model), modelName, owner, waiting);
  }

  /**
   * The staged folder of a tree: a model, an adapter, a dataset; stays until the models folder is
   * cleaned.
   */
  public Path folder(Reference tree) throws IOException {
    Path folder = options.models().resolve(tree.shortHash());
    Staging.stageTree(options.store(), tree, options.cache(), folder);
    return folder;
  }

  /** What decides an answer besides model and prompt: the engine's flags and its environment. */
  public String identity(Spec spec, Reference model, boolean adapters) throws IOException {
    return engines.key(flags(spec, model, adapters));
  }

  private static EngineFlags flags(Spec spec, Reference model, boolean adapters) {
    DeploySpec deploy = spec.deploy();
    EngineFlags.Kind kind =
        deploy.engine() == DeploySpec.Engine.TRANSFORMERS
            ? EngineFlags.Kind.TRANSFORMERS
            : EngineFlags.Kind.VLLM;
    Integer maxModelLen = deploy.maxModelLen();
    return new EngineFlags(
        kind,
        deploy.target().name().toLowerCase(Locale.ROOT),
        Objects.requireNonNullElse(deploy.dtype(), DTYPE_OF_OLD_PLANS)
            .name()
            .toLowerCase(Locale.ROOT),
        model.sha256(),
        maxModelLen == null ? spec.data().maxLength() : maxModelLen,
        spec.evaluate().concurrency(),
        adapters && kind == EngineFlags.Kind.VLLM ? rank(spec.method().lora().r()) : 0);
  }

  private static int rank(int r) {
    for (int accepted : LORA_RANKS) {
      if (r <= accepted) {
        return accepted;
      }
    }
    throw new IllegalArgumentException(
        "method.lora.r is %d; vLLM serves adapters up to %d"
            .formatted(r, LORA_RANKS[LORA_RANKS.length - 1]));
  }
}
