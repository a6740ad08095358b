package io.fettle.activities.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.data.DatasetReport.Tokens;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.steps.Beat;
import io.fettle.data.prepare.TokenCounter;
import io.fettle.workflows.wire.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts with the trainer's own eyes: {@code fettle_trainer render} with the base model's tokenizer
 * and chat template, so that what is counted here is what is trained on later.
 */
final class Renderer implements TokenCounter {
  /** The one that also trains. */
  static final String ENVIRONMENT = "train";

  /** Above any context window: the length filter decides, and counts what it drops. */
  private static final int NO_LIMIT = 1 << 24;

  private final Environments environments;
  private final Path model;
  private final @Nullable String template;
  private final Path workdir;
  private final Beat beat;
  private Tokens tokens = Tokens.none();

  Renderer(
      Environments environments, Path model, @Nullable String template, Path workdir, Beat beat) {
    this.environments = environments;
    this.model = model;
    this.template = template;
    this.workdir = workdir;
    this.beat = beat;
  }

  private record Config(
      String model,
      String rows,
      String out,
      @JsonProperty("max_length") int maxLength,
      @JsonProperty("chat_template") @Nullable String chatTemplate) {}

  private record Rendered(
      String id,
      int tokens,
      @JsonProperty("supervised_tokens") int supervisedTokens,
      @JsonProperty("ends_with_eot") boolean endsWithEot,
      @Nullable String error) {}

  /** What the program said of template and tokenizer; only after {@link #count}. */
  Tokens tokens() {
    return tokens;
  }

  @Override
  public void count(Path rows, Consumer<TokenCount> counts)
      throws IOException, InterruptedException {
    Path out = workdir.resolve("counts.jsonl");
    Config config =
        new Config(
            model.toString(), rows.toAbsolutePath().toString(), out.toString(), NO_LIMIT, template);
    beat.says("environment", 0);
    JsonNode result =
        environments.run(
            new Environments.Call(ENVIRONMENT, "fettle_trainer", "render", config, workdir),
            (_, _, done, _, unit) -> beat.says("template", done, unit));
    try (BufferedReader lines = Files.newBufferedReader(out)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Rendered row = Wire.mapper().readValue(line, Rendered.class);
        counts.accept(
            new TokenCount(
                row.id(),
                row.tokens(),
                row.supervisedTokens(),
                row.endsWithEot(),
                row.error() == null ? "" : row.error()));
      }
    }
    tokens = tokens(result);
  }

  private static Tokens tokens(JsonNode result) {
    List<JsonNode> examples = new ArrayList<>();
    result.path("examples").forEach(examples::add);
    return new Tokens(
        result.path("template_sha256").asText(),
        result.path("tokenizer_sha256").asText(),
        examples);
  }
}
