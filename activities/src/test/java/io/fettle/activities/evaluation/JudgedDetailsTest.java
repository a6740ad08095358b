package io.fettle.activities.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.evaluation.scoring.ScriptedJudge;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.EvaluationActivities;
import io.fettle.workflows.evaluation.JudgeJob;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.evaluation.Scoring;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import io.temporal.activity.ActivityOptions;
import io.temporal.testing.TestActivityEnvironment;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the gate's details document holds of a judge's answers, for the report to show. */
class JudgedDetailsTest {
  private static final int ITEMS = 20;

  @TempDir private Path folder;
  private final TestActivityEnvironment temporal = TestActivityEnvironment.newInstance();
  private ScriptedJudge server;
  private ObjectStore store;

  @BeforeEach
  void open() throws IOException {
    server = new ScriptedJudge();
    store = Stores.open(folder.toUri());
    temporal.registerActivitiesImplementations(
        Evaluation.activities(new EvaluationOptions(store, new StepCache(store, "test"), folder)));
  }

  @AfterEach
  void close() throws IOException {
    temporal.close();
    server.close();
    store.close();
  }

  @Test
  void a_judge_s_answers_and_both_orders_of_a_pair_are_kept_with_their_reasons()
      throws IOException {
    server.says(
        request -> {
          String user = request.user();
          boolean isPair = user.contains("<<second");
          boolean first = user.indexOf("good") < user.indexOf("<<second");
          return isPair
              ? (first ? "first" : "second") + ", it helps."
              : user.contains("good") ? "yes, it helps." : "no, it does not.";
        });
    Scoring.Judge judge = new Scoring.Judge(server.url(), "judge-1", null, 4, 1, 0.7, 80);
    Scoring scoring =
        Scoring.NONE
            .with(new Scoring.Rubric(judge, "Judge it.", List.of("Does it help?"), List.of()))
            .with(new Scoring.Pairwise(judge, "Compare."));
    Reference criteria = blob(Wire.mapper().writeValueAsString(criteria(scoring)));
    JudgeJob job =
        new JudgeJob(
            "run-1",
            "execution",
            criteria,
            blob("{\"files\": []}"),
            List.of(
                answers(criteria, Arm.SERVED, "", "good"),
                answers(criteria, Arm.FEW_SHOT, "nearest", "bad")),
            Optional.empty());

    JsonNode details = Wire.mapper().readTree(store.read(stub().judge(job).details()));

    assertThat(details.at("/items/0/answers/0/rulings").toString())
        .isEqualTo("[{\"reason\":\"it helps.\",\"said\":\"yes\",\"unanimous\":true}]");
    assertThat(details.at("/items/0/answers/1/rulings/0/said").asText()).isEqualTo("no");
    assertThat(details.at("/pairs/0/variant").asText()).isEqualTo("nearest");
    assertThat(details.at("/pairs/0/rulings")).hasSize(ITEMS);
    assertThat(details.at("/pairs/0/rulings/0").toString())
        .isEqualTo(
            "{\"backward\":\"ours\",\"backwardReason\":\"it helps.\",\"forward\":\"ours\",\"forwardReason\":\"it helps.\",\"id\":\"i0\"}");
  }

  private EvaluationActivities stub() {
    return temporal.newActivityStub(
        EvaluationActivities.class,
        ActivityOptions.newBuilder()
            .setStartToCloseTimeout(Duration.ofMinutes(1))
            .setHeartbeatTimeout(Duration.ofSeconds(30))
            .build());
  }

  private static Criteria criteria(Scoring scoring) {
    return new Criteria(
        1,
        "generation",
        "rubric",
        List.of(),
        "",
        16,
        4,
        List.of(2),
        0.1,
        0.1,
        0.025,
        2_000,
        42,
        scoring,
        null,
        Optional.empty());
  }

  private Answers answers(Reference criteria, Arm arm, String variant, String word)
      throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < ITEMS; i++) {
      AnswerLine line =
          new AnswerLine(
              "i" + i, word + " " + i, "", 0.1, 3, 1, Optional.of("How? " + i), List.of());
      lines.append(Wire.mapper().writeValueAsString(line)).append('\n');
    }
    return new Answers(
        arm,
        Part.TEST,
        0,
        blob(lines.toString()),
        criteria.sha256(),
        "fake",
        ITEMS,
        1,
        false,
        variant,
        Optional.empty());
  }

  private Reference blob(String text) throws IOException {
    return store.putBlob(text.getBytes(StandardCharsets.UTF_8));
  }
}
