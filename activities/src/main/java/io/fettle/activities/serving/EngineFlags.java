package io.fettle.activities.serving;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which engine, for which model, with what: equal flags are one engine. What serves is started with
 * exactly what was evaluated.
 *
 * @param kind which model server
 * @param target {@code cpu} or {@code gpu}
 * @param dtype what it computes in, as {@code bfloat16}
 * @param modelSha256 hash of the model's tree manifest
 * @param maxModelLen prompt and answer together, in tokens
 * @param concurrency sequences at once
 * @param maxLoraRank 0: no adapters
 */
record EngineFlags(
    Kind kind,
    String target,
    String dtype,
    String modelSha256,
    int maxModelLen,
    int concurrency,
    int maxLoraRank) {
  private static final int CACHE_BLOCK_TOKENS = 32;

  /** The model servers, and the environment each runs in. */
  enum Kind {
    VLLM("serve"),
    TRANSFORMERS("train");

    private final String environment;

    Kind(String environment) {
      this.environment = environment;
    }

    String environment() {
      return environment;
    }
  }

  /** The command, given the environment's python. */
  List<String> command(Path python, Path model, String modelName, int port) {
    return switch (kind) {
      case VLLM -> vllm(python, model, modelName, port);
      case TRANSFORMERS -> transformers(python, port);
    };
  }

  private List<String> vllm(Path python, Path model, String modelName, int port) {
    List<String> command =
        new ArrayList<>(
            List.of(
                python.toString(),
                "-m",
                "fettle_serve",
                "--model",
                model.toString(),
                "--served-model-name",
                modelName,
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(port),
                "--dtype",
                dtype,
                "--max-model-len",
                Integer.toString(maxModelLen),
                "--max-num-seqs",
                Integer.toString(concurrency),
                "--generation-config",
                "vllm"));
    if (target.equals("cpu")) {
      // vLLM's own 128 on a CPU: of a few-shot prompt's common part little fills a whole block
      command.addAll(
          List.of("--enforce-eager", "--block-size", Integer.toString(CACHE_BLOCK_TOKENS)));
    }
    if (maxLoraRank > 0) {
      command.addAll(List.of("--enable-lora", "--max-lora-rank", Integer.toString(maxLoraRank)));
    }
    return command;
  }

  /**
   * Its cache is bounded by what may be asked at once: unbounded, it takes most of the machine's
   * memory.
   */
  private List<String> transformers(Path python, int port) {
    int blocks = Math.ceilDiv(concurrency * maxModelLen, CACHE_BLOCK_TOKENS);
    return List.of(
        python.resolveSibling("transformers").toString(),
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        Integer.toString(port),
        "--device",
        "cpu",
        "--continuous-batching",
        "--cb-block-size",
        Integer.toString(CACHE_BLOCK_TOKENS),
        "--cb-num-blocks",
        Integer.toString(blocks),
        "--cb-max-batch-tokens",
        Integer.toString(maxModelLen));
  }

  /**
   * Beside every program's own: no usage reports, and no pinning, the trainer may share the cores.
   */
  Map<String, String> environmentVariables() {
    Map<String, String> variables = new TreeMap<>(Map.of("VLLM_NO_USAGE_STATS", "1"));
    if (maxLoraRank > 0) {
      variables.put("VLLM_ALLOW_RUNTIME_LORA_UPDATING", "True");
    }
    if (target.equals("cpu")) {
      variables.put("VLLM_CPU_KVCACHE_SPACE", "1");
      variables.put("VLLM_CPU_OMP_THREADS_BIND", "nobind");
      variables.put(
          "OMP_NUM_THREADS", Integer.toString(Runtime.getRuntime().availableProcessors()));
    }
    return variables;
  }

  /** The model's name in a request: the light engine loads a folder by its path. */
  String requestName(Path model, String modelName) {
    return kind == Kind.TRANSFORMERS ? model.toString() : modelName;
  }
}
