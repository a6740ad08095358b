package io.fettle.activities.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.data.DatasetReport.Tokens;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.steps.Beat;
import io.fettle.data.prepare.TokenCounter;
import io.fettle.data.tokens.ChatTemplate;
import io.fettle.data.tokens.Tokenizer;
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
 *
 * <p>Where tokenizer and template are simple enough most rows are counted here, and only the first
 * ones, some of the others and those that are not certain by the program. A single difference, and
 * the program counts them all.
 */
final class Renderer implements TokenCounter {
  /** The one that also trains. */
  static final String ENVIRONMENT = "train";

  static final String PROGRAM = "fettle_trainer";

  /** Above any context window: the length filter decides, and counts what it drops. */
  private static final int NO_LIMIT = 1 << 24;

  private static final int FEW = 2_000;

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

  private record RenderConfig(
      String model,
      String rows,
      String out,
      @JsonProperty("max_length") int maxLength,
      @JsonProperty("chat_template") @Nullable String chatTemplate) {}

  private record TemplateConfig(
      String model,
      String tokenizer,
      @JsonProperty("chat_template") @Nullable String chatTemplate) {}

  /** What the program said of template and tokenizer; only after {@link #count}. */
  Tokens tokens() {
    return tokens;
  }

  @Override
  public void count(Path rows, Consumer<TokenCount> counts)
      throws IOException, InterruptedException {
    var work = Files.createTempDirectory(workdir, "count-");
    beat.says("environment", 0);
    String why = areFew(rows) ? "they are few" : countMost(rows, work, counts);
    if (!why.isEmpty()) {
      countAll(rows, work, why, counts);
    }
  }

  /** So few that starting a second program would take longer than it saves. */
  private static boolean areFew(Path rows) throws IOException {
    try (var lines = Files.lines(rows)) {
      return lines.limit(FEW).count() < FEW;
    }
  }

  /** Why that cannot be; empty if the rows were counted. */
  private String countMost(Path rows, Path work, Consumer<TokenCount> counts)
      throws IOException, InterruptedException {
    var file = work.resolve("tokenizer.json");
    var config = new TemplateConfig(model.toString(), file.toString(), template);
    var told = run("template", config, folder(work, "template"));
    var pieces = ChatTemplate.of(told);
    if (pieces.isEmpty()) {
      return "the chat template " + told.path("reason").asText();
    }
    Tokenizer tokenizer;
    try {
      tokenizer = Tokenizer.ofJson(file);
    } catch (Tokenizer.Unsupported e) {
      return String.valueOf(e.getMessage());
    }
    var quick = new QuickCounts(pieces.get(), tokenizer, folder(work, "quick"));
    quick.count(rows, done -> beat.says("count", done));
    var rest = work.resolve("rest-counts.jsonl");
    var result = render(quick.rest(), rest, folder(work, "rest"));
    String why = quick.difference(rest);
    if (why.isEmpty()) {
      quick.tell(rest, counts);
      tokens = tokens(result, quick.summary());
    }
    return why;
  }

  private void countAll(Path rows, Path work, String why, Consumer<TokenCount> counts)
      throws IOException, InterruptedException {
    var out = work.resolve("counts.jsonl");
    var result = render(rows, out, folder(work, "all"));
    try (var rendered = new RenderedCounts(out)) {
      while (rendered.hasNext()) {
        counts.accept(rendered.next());
      }
    }
    tokens = tokens(result, "every row by the trainer: " + why);
  }

  private static Path folder(Path work, String name) throws IOException {
    return Files.createDirectories(work.resolve(name));
  }

  // --- Programs

  private JsonNode render(Path rows, Path out, Path folder)
      throws IOException, InterruptedException {
    var config =
        new RenderConfig(
            model.toString(), rows.toAbsolutePath().toString(), out.toString(), NO_LIMIT, template);
    return run("render", config, folder);
  }

  private JsonNode run(String verb, Object config, Path folder)
      throws IOException, InterruptedException {
    return environments.run(
        new Environments.Call(ENVIRONMENT, PROGRAM, verb, config, folder),
        (_, _, done, _, unit) -> beat.says("template", done, unit));
  }

  private static Tokens tokens(JsonNode result, String counted) {
    List<JsonNode> examples = new ArrayList<>();
    result.path("examples").forEach(examples::add);
    return new Tokens(
        result.path("template_sha256").asText(),
        result.path("tokenizer_sha256").asText(),
        counted,
        examples);
  }
}
