package io.fettle.activities.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.collection.Collector;
import io.fettle.activities.evaluation.asking.ScriptedServer;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.evaluation.Advice;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.ArmScore;
import io.fettle.workflows.evaluation.Baselines;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.CurvePoint;
import io.fettle.workflows.evaluation.EvaluationActivities;
import io.fettle.workflows.evaluation.EvaluationReport;
import io.fettle.workflows.evaluation.JudgeJob;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.evaluation.Retrieval;
import io.fettle.workflows.evaluation.ScoreJob;
import io.fettle.workflows.evaluation.Scoring;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import io.temporal.activity.ActivityOptions;
import io.temporal.testing.TestActivityEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgementTest {
  private static final int ITEMS = 100;

  @TempDir private Path folder;
  private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
  private ObjectStore store;
  private EvaluationActivities activities;
  private Reference criteria;
  private Reference dataset;

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.toUri());
    criteria = store.putBlob(Wire.mapper().writeValueAsBytes(GateTest.CRITERIA));
    Reference report =
        store.putBlob(
            "{\"rows\": {\"parts\": [{\"part\": \"TRAIN\", \"rows\": 500}, {\"part\": \"TEST\", \"rows\": 150}]}}"
                .getBytes(StandardCharsets.UTF_8));
    dataset =
        store.putBlob(
            "{\"files\": [{\"path\": \"report.json\", \"sha256\": \"%s\"}]}"
                .formatted(report.sha256())
                .getBytes(StandardCharsets.UTF_8));
    temporal.registerActivitiesImplementations(
        Evaluation.activities(new EvaluationOptions(store, new StepCache(store, "test"), folder)));
    activities =
        temporal.newActivityStub(
            EvaluationActivities.class,
            ActivityOptions.newBuilder()
                .setStartToCloseTimeout(Duration.ofMinutes(1))
                .setHeartbeatTimeout(Duration.ofSeconds(30))
                .build());
  }

  @AfterEach
  void close() throws IOException {
    temporal.close();
    store.close();
  }

  @Test
  void the_number_of_examples_and_the_way_to_choose_them_are_the_best_of_dev() throws IOException {
    Baselines found =
        score(
            answers(Arm.ZERO_SHOT, 0, "", 2),
            answers(Arm.FEW_SHOT, 2, "", 5),
            answers(Arm.FEW_SHOT, 4, "", 4),
            answers(Arm.FEW_SHOT, 2, "nearest", 6),
            answers(Arm.FEW_SHOT, 4, "nearest", 9));

    assertThat(found.shots()).isEqualTo(4);
    assertThat(found.variant()).isEqualTo("nearest");
  }

  @Test
  void of_equals_the_fewest_examples_chosen_at_random_are_taken() throws IOException {
    Baselines found =
        score(
            answers(Arm.FEW_SHOT, 4, "", 9),
            answers(Arm.FEW_SHOT, 2, "nearest", 9),
            answers(Arm.FEW_SHOT, 2, "", 9));

    assertThat(found.shots()).isEqualTo(2);
    assertThat(found.variant()).isEmpty();
  }

  @Test
  void another_model_that_is_always_right_is_no_reason_against_training_this_one()
      throws IOException {
    Baselines found =
        score(
            answers(Arm.ZERO_SHOT, 0, "", 2),
            answers(Arm.HOSTED, 0, "big", ITEMS),
            answers(Arm.CLASSICAL, 0, "", ITEMS),
            answers(Arm.INCUMBENT, 0, "", ITEMS));

    assertThat(found.advice().goesOn()).isTrue();
    assertThat(found.next()).isNotEmpty();
    assertThat(score(answers(Arm.ZERO_SHOT, 0, "", 2), answers(Arm.RAG, 0, "", ITEMS)).advice())
        .isEqualTo(Advice.RAG);
  }

  @Test
  void models_of_parts_of_the_rows_are_points_of_a_curve_and_no_arm_that_prompts()
      throws IOException {
    var curve =
        List.of(
            new CurvePoint(25, 125, answers(Arm.TUNED, 0, "25%", 40)),
            new CurvePoint(50, 250, answers(Arm.TUNED, 0, "50%", 70)));
    var prompted = List.of(answers(Arm.ZERO_SHOT, 0, "", 2), answers(Arm.FEW_SHOT, 2, "", 5));

    Baselines found =
        activities.scoreBaselines(
            new ScoreJob("run-1", criteria, dataset, prompted, Optional.empty(), curve));

    assertThat(found.why()).contains("all 500 rows would gain", "more rows help");
    assertThat(found.scores()).extracting(ArmScore::variant).containsExactly("", "", "25%", "50%");
    var told = Wire.mapper().readTree(store.read(found.details())).at("/finding/curve");
    assertThat(told.at("/points/1/rows").asInt()).isEqualTo(250);
    assertThat(told.at("/points/1/score").asDouble()).isEqualTo(0.7);
    assertThat(told.path("moreRows").asText()).isEqualTo("HELP");
    var plain = Wire.mapper().readTree(store.read(score(prompted.getFirst()).details()));
    assertThat(plain.path("finding").has("curve")).isFalse();
  }

  @Test
  void what_the_gates_items_can_show_is_told_before_training() throws IOException {
    assertThat(score(answers(Arm.ZERO_SHOT, 0, "", 2)).why())
        .containsPattern(
            "the gate's 150 test items pass a candidate in 4 of 5 runs that exceeds every bound by [0-9.]+ points");
  }

  @Test
  void the_details_have_what_was_searched() throws IOException {
    var details = Wire.mapper().readTree(store.read(score(answers(Arm.RAG, 0, "", 3)).details()));

    assertThat(details.at("/answers/0/retrieval/leftOut").asInt()).isEqualTo(1);
    assertThat(details.at("/answers/0/retrieval/hits").asInt()).isEqualTo(7);
  }

  @Test
  void what_a_judge_said_stays_while_a_run_is_kept_that_asked_it_and_goes_then() throws Exception {
    try (var server = new ScriptedServer()) {
      var judge = new Scoring.Judge(server.url(), "judge-1", null, 4, 1, 0.7, 80);
      criteria = store.putBlob(Wire.mapper().writeValueAsBytes(rubric(judge)));
      assertThat(score(answers(Arm.ZERO_SHOT, 0, "", 2)).scores().getFirst().score()).isEqualTo(1);
    }
    age();
    Collector collector = new Collector(store, Duration.ofHours(24));

    assertThat(scores(collector)).isEmpty();
    for (var of : store.list("runs/run-1/executions/")) {
      store.delete(of.key());
    }
    assertThat(scores(collector)).hasSize(1);
  }

  private static List<String> scores(Collector collector) throws IOException {
    return collector.mark(_ -> {}).stream()
        .map(Collector.Garbage::key)
        .filter(key -> key.startsWith("scores/"))
        .toList();
  }

  private void age() throws IOException {
    var then = FileTime.from(Instant.now().minus(Duration.ofDays(2)));
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.setLastModifiedTime(file, then);
      }
    }
  }

  private static Criteria rubric(Scoring.Judge judge) {
    Criteria plain = GateTest.CRITERIA;
    return new Criteria(
        plain.format(),
        plain.task(),
        "rubric",
        plain.labels(),
        plain.systemPrompt(),
        plain.maxTokens(),
        plain.concurrency(),
        plain.fewShot(),
        plain.margin(),
        plain.loss(),
        plain.alpha(),
        plain.resamples(),
        plain.seed(),
        new Scoring(
            null,
            null,
            new Scoring.Rubric(judge, "Judge it.", List.of("Is it true?"), List.of()),
            null,
            null,
            null),
        null,
        Optional.empty());
  }

  @Test
  void changed_criteria_open_a_new_series_which_is_told_before_training_and_with_the_verdict()
      throws IOException {
    Reference spec = spec();
    Baselines first = series("run-1", spec);
    EvaluationReport judged = judge("run-1", spec);
    Reference before = criteria;
    criteria = criteria(0.2);

    Baselines changed = series("run-2", spec);
    assertThat(store.list("series/triage/")).as("advice is no result").hasSize(2);
    EvaluationReport report = judge("run-2", spec);

    String said =
        "new series: criteria changed (margin: 0.1 -> 0.2); results of run-1 are of another series and are not compared";
    assertThat(first.why()).doesNotContain("series");
    assertThat(judged.warnings()).isEmpty();
    assertThat(changed.why()).endsWith(said);
    assertThat(report.warnings()).contains(said);
    var place = Wire.mapper().readTree(store.read(report.details())).path("series");
    assertThat(place.path("opened").asBoolean()).isTrue();
    assertThat(place.path("previous").asText()).isEqualTo(before.shortHash());
    assertThat(store.list("series/triage/")).hasSize(4); // two openings, a run in each
  }

  @Test
  void answers_under_older_criteria_are_never_scored_under_newer_ones() throws IOException {
    Answers older = answers(Arm.INCUMBENT, 0, "", ITEMS);
    criteria = criteria(0.2);

    assertThatThrownBy(() -> score(older))
        .rootCause()
        .hasMessageContaining("answers of INCUMBENT were made under criteria")
        .hasMessageContaining("never compared");
  }

  @Test
  void an_endpoint_that_serves_nothing_yet_is_told_and_not_left_out_unseen() throws IOException {
    ObjectNode asking = Wire.mapper().valueToTree(GateTest.CRITERIA);
    asking
        .putObject("arms")
        .putObject("incumbent")
        .put("name", "support")
        .put("url", "")
        .put("model", "");
    criteria = store.putBlob(Wire.mapper().writeValueAsBytes(asking));
    String said = "endpoint support serves nothing yet, so there is no incumbent to compare with";

    assertThat(score(answers(Arm.ZERO_SHOT, 0, "", 2)).why()).endsWith(said);
    assertThat(judge("run-1", spec()).warnings()).contains(said);
    assertThat(score(answers(Arm.ZERO_SHOT, 0, "", 2), answers(Arm.INCUMBENT, 0, "", 2)).why())
        .doesNotContain(said);
  }

  private Reference criteria(double margin) throws IOException {
    ObjectNode changed = Wire.mapper().valueToTree(GateTest.CRITERIA);
    return store.putBlob(Wire.mapper().writeValueAsBytes(changed.put("margin", margin)));
  }

  private Reference spec() throws IOException {
    return store.putBlob("{\"name\": \"triage\"}".getBytes(StandardCharsets.UTF_8));
  }

  private Baselines series(String run, Reference spec) throws IOException {
    Answers zeroShot = answers(Arm.ZERO_SHOT, 0, "", 2);
    return activities.scoreBaselines(
        new ScoreJob(run, criteria, dataset, List.of(zeroShot), Optional.of(spec), List.of()));
  }

  private EvaluationReport judge(String run, Reference spec) throws IOException {
    List<Answers> answers =
        List.of(
            answers(Arm.ZERO_SHOT, Part.TEST, 0, "", 2), answers(Arm.SERVED, Part.TEST, 0, "", 90));
    return activities.judge(
        new JudgeJob(run, "execution", criteria, dataset, answers, Optional.of(spec)));
  }

  private Baselines score(Answers... answers) {
    return activities.scoreBaselines(
        new ScoreJob("run-1", criteria, dataset, List.of(answers), Optional.empty(), List.of()));
  }

  private Answers answers(Arm arm, int shots, String variant, int rights) throws IOException {
    return answers(arm, Part.DEV, shots, variant, rights);
  }

  /** 20 items, the first {@code rights} of them right. */
  private Answers answers(Arm arm, Part part, int shots, String variant, int rights)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < ITEMS; i++) {
      AnswerLine line =
          new AnswerLine(
              "i" + i, i < rights ? "yes" : "no", "yes", 0.1, 3, 1, Optional.empty(), List.of());
      lines.append(Wire.mapper().writeValueAsString(line)).append('\n');
    }
    return new Answers(
        arm,
        part,
        shots,
        store.putBlob(lines.toString().getBytes(StandardCharsets.UTF_8)),
        criteria.sha256(),
        "fake",
        ITEMS,
        1,
        false,
        variant,
        arm == Arm.RAG ? Optional.of(new Retrieval(10, 1, 7, ITEMS)) : Optional.empty());
  }
}
