package io.fettle.activities.data;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.data.DatasetReport.Tokens;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.programs.EventTail;
import io.fettle.activities.programs.Program;
import io.fettle.activities.steps.Beat;
import io.fettle.data.prepare.TokenCounter;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Counts with the trainer's own eyes: {@code fettle_trainer render} with the base model's tokenizer
 * and chat template, so that what is counted here is what is trained on later.
 */
final class Renderer implements TokenCounter {
  /** The one that also trains. */
  static final String ENVIRONMENT = "train";

  private static final Duration LOOK = Duration.ofSeconds(1);

  /** Above any context window: the length filter decides, and counts what it drops. */
  private static final int NO_LIMIT = 1 << 24;

  private static final int BAD_CONFIG = 64;
  private static final int BAD_DATA = 65;
  private static final int TOLD_CHARACTERS = 500;

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
    Path config = workdir.resolve("config.json");
    Files.write(
        config,
        Wire.mapper()
            .writeValueAsBytes(
                new Config(
                    model.toString(),
                    rows.toAbsolutePath().toString(),
                    out.toString(),
                    NO_LIMIT,
                    template)));
    finish(Program.start(program(config)));
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
    tokens = result();
  }

  private Program.Spec program(Path config) throws IOException, InterruptedException {
    beat.says("environment", 0);
    return environments.module(
        ENVIRONMENT,
        workdir,
        "fettle_trainer",
        List.of("render", "--config", config.toString(), "--workdir", workdir.toString()));
  }

  private void finish(Program program) throws IOException, InterruptedException {
    var events = new EventTail(workdir.resolve("events.jsonl"));
    String reason = "";
    try {
      Optional<Program.Exit> exit = Optional.empty();
      while (exit.isEmpty()) {
        exit = program.await(LOOK);
        for (JsonNode event : events.read()) {
          reason = heard(event, reason);
        }
      }
      refuseFailure(exit.get(), reason);
    } finally {
      program.kill(); // does nothing to one that has ended
    }
  }

  /** Passes progress on; returns why the program failed, as far as it has said so. */
  private String heard(JsonNode event, String reason) {
    return switch (event.path("event").asText()) {
      case "progress" -> {
        beat.says("template", event.path("done").asLong());
        yield reason;
      }
      case "error" -> event.path("reason").asText();
      default -> reason;
    };
  }

  private static void refuseFailure(Program.Exit exit, String reason) {
    String told = reason.length() > TOLD_CHARACTERS ? reason.substring(0, TOLD_CHARACTERS) : reason;
    switch (exit) {
      case Program.Exit.Returned returned -> {
        switch (returned.code()) {
          case 0 -> {}
          case BAD_CONFIG ->
              throw FailureType.BAD_CONFIG.failure("the rows cannot be rendered: " + told);
          case BAD_DATA ->
              throw FailureType.BAD_DATA.failure("the rows cannot be rendered: " + told);
          default ->
              throw FailureType.STEP_FAILED.failure(
                  "fettle_trainer render ended with " + returned.code() + ": " + told);
        }
      }
      case Program.Exit.Killed killed ->
          throw FailureType.STEP_FAILED.failure(
              "fettle_trainer render was ended by signal " + killed.signal());
      case Program.Exit.Vanished vanished ->
          throw FailureType.STEP_FAILED.failure(
              "fettle_trainer render is gone: " + vanished.reason());
    }
  }

  private Tokens result() throws IOException {
    JsonNode result = Wire.mapper().readTree(workdir.resolve("result.json").toFile());
    List<JsonNode> examples = new ArrayList<>();
    result.path("examples").forEach(examples::add);
    return new Tokens(
        result.path("template_sha256").asText(),
        result.path("tokenizer_sha256").asText(),
        examples);
  }
}
