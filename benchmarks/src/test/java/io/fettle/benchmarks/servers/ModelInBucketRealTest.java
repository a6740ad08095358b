package io.fettle.benchmarks.servers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.artifact.ArtifactOptions;
import io.fettle.activities.artifact.Artifacts;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.staging.TreeManifest;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import io.fettle.activities.store.Stores.Transfer;
import io.fettle.cli.local.Home;
import io.fettle.workflows.artifact.BaseModel;
import io.fettle.workflows.artifact.FetchModel;
import io.fettle.workflows.artifact.ModelActivities;
import io.fettle.workflows.spec.SpecPolicy;
import io.temporal.activity.ActivityOptions;
import io.temporal.testing.TestActivityEnvironment;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A base model in a bucket of a real server comes into the runs' own store. */
@Tag("real")
@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModelInBucketRealTest {
  @TempDir static Path folder;
  private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
  private ServerProcess server;
  private ObjectStore bucket;
  private ObjectStore store;
  private StepCache steps;
  private Path model;
  private ModelActivities activities;

  @BeforeAll
  void aTinyModelInABucket() throws Exception {
    var home = Home.current();
    var environments = new Environments(Environments.Options.of(home.root(), home.path()));
    model = folder.resolve("tiny");
    environments.run(
        new Environments.Call(
            "train",
            "fettle_trainer",
            "tiny",
            Map.of("seed", 1, "out", model.toString()),
            folder.resolve("make-the-model")),
        (_, _, _, _, _) -> {});
    server = new LocalServers(home).versity(Files.createDirectory(folder.resolve("versitygw")));
    bucket = server.open("models/tiny");
    try (var files = Files.list(model)) {
      for (var file : files.toList()) {
        bucket.upload(file.getFileName().toString(), file);
      }
    }
    bucket.put("pytorch_model.bin", "the same weights, as a pickle".getBytes(UTF_8));
    bucket.put("checkpoint-10/config.json", "{}".getBytes(UTF_8));
    store = Stores.open(folder.resolve("store").toUri());
    steps = new StepCache(store, "test");
    var access = new Access(Map.of("s3", server.endpoint()), Transfer.USUAL);
    temporal.registerActivitiesImplementations(
        Artifacts.models(
            new ArtifactOptions(
                store,
                access,
                steps,
                environments,
                folder.resolve("cache"),
                folder.resolve("work"))));
    activities =
        temporal.newActivityStub(
            ModelActivities.class,
            ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofMinutes(4))
                .setHeartbeatTimeout(Duration.ofSeconds(30))
                .build());
  }

  @AfterAll
  void close() throws Exception {
    temporal.close();
    steps.close();
    store.close();
    bucket.close();
    server.close();
  }

  @Test
  void it_is_fetched_once_without_what_is_beside_it_and_again_once_it_changes() throws Exception {
    var first = fetched("models/tiny/");

    assertThat(first.name()).isEqualTo("s3://fettle-bucket/models/tiny");
    var files = Staging.manifest(store, first.tree()).files();
    assertThat(files.stream().map(TreeManifest.Entry::path))
        .contains("config.json", "model.safetensors", "tokenizer.json")
        .noneMatch(path -> path.endsWith(".bin") || path.contains("/"));
    assertThat(folder.resolve("work/remote-models")).isEmptyDirectory();
    assertThat(fetched("models/tiny").reused()).as("the same, however it is written").isTrue();

    bucket.put("notes.txt", "no file of a model, but who knows".getBytes(UTF_8));
    var again = fetched("models/tiny");
    assertThat(again.reused()).isFalse();
    assertThat(again.tree()).as("the same bytes after all").isEqualTo(first.tree());
  }

  @Test
  void where_no_model_is_that_is_told_with_the_address() {
    assertThatThrownBy(() -> fetched("models/nothing"))
        .rootCause()
        .hasMessageContaining("s3://fettle-bucket/models/nothing holds no model");
    assertThatThrownBy(() -> fetched("models"))
        .as("only folders below it")
        .rootCause()
        .hasMessageContaining("s3://fettle-bucket/models holds no model");
  }

  private BaseModel fetched(String name) throws IOException {
    var rows = Files.writeString(folder.resolve("rows.jsonl"), "{}\n");
    var spec =
        """
        apiVersion: fettle/v1
        name: triage
        model: {source: path, path: "%s"}
        data: {train: %s}
        """
            .formatted(URI.create(server.bucket() + "/" + name), rows);
    var reading = new SpecReader(SpecPolicy.current()).read("spec.yaml", spec, folder, List.of());
    var accepted = reading.accepted().orElseThrow(() -> new IOException(reading.describe()));
    return activities.fetchModel(
        new FetchModel(accepted.runId(), store.putBlob(accepted.canonical().getBytes(UTF_8))));
  }
}
