package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.cli.runs.Submission;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tiny example from rows to a verdict, with arms that search the training rows. */
@Tag("real")
@Timeout(1_800)
class ArmsRealTest {
  private static final List<String> OVERRIDES =
      List.of(
          "train.max_steps=5",
          "deploy={enabled: false, engine: transformers, max_model_len: 512}",
          "evaluate.few_shot={k: [1], choose: [random, nearest]}",
          "evaluate.rag={corpus: train, k: 1, chunk_words: 20}");

  @TempDir private static Path folder;
  private static LocalCluster cluster;
  private static TemporalConnection connection;
  private static ObjectStore store;

  @BeforeAll
  static void up() throws Exception {
    cluster = TinyHome.in(folder);
    connection = cluster.ensureUp();
    store = cluster.store().open();
  }

  @AfterAll
  static void down() throws Exception {
    store.close();
    connection.close();
    cluster.down();
  }

  @Test
  void nearest_examples_and_passages_of_train_answer_dev_and_test_through_the_engine()
      throws Exception {
    var accepted = TinyHome.spec(cluster, OVERRIDES);

    String run = new Submission(connection.client(), cluster.store()).start(accepted, false);
    RunRecord record =
        connection
            .client()
            .newUntypedWorkflowStub(run)
            .getResult(25, TimeUnit.MINUTES, RunRecord.class);

    assertThat(record.verdict()).isNotEmpty();
    List<Answers> answers = answers();
    assertThat(answers)
        .extracting(Answers::part, Answers::arm, Answers::variant)
        .contains(
            org.assertj.core.api.Assertions.tuple(Part.DEV, Arm.FEW_SHOT, ""),
            org.assertj.core.api.Assertions.tuple(Part.DEV, Arm.FEW_SHOT, "nearest"),
            org.assertj.core.api.Assertions.tuple(Part.DEV, Arm.RAG, ""),
            org.assertj.core.api.Assertions.tuple(Part.TEST, Arm.RAG, ""));
    Answers rag = answers.stream().filter(each -> each.arm() == Arm.RAG).findFirst().orElseThrow();
    assertThat(rag.retrieval().orElseThrow().passages()).isGreaterThan(100);
    assertThat(lines(rag))
        .hasSize(rag.items())
        .allSatisfy(line -> assertThat(line.path("promptTokens").asInt()).isPositive())
        .anySatisfy(line -> assertThat(line.path("retrieved")).hasSize(1));
  }

  private static List<Answers> answers() throws IOException {
    List<Answers> answers = new ArrayList<>();
    for (var object : store.list("steps/answer/")) {
      JsonNode record = Wire.mapper().readTree(store.find(object.key()).orElseThrow());
      if (record.has("result")) {
        answers.add(Wire.mapper().treeToValue(record.path("result"), Answers.class));
      }
    }
    return answers;
  }

  private static List<JsonNode> lines(Answers answers) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    String text = new String(store.read(answers.file()), StandardCharsets.UTF_8);
    for (String line : text.lines().toList()) {
      lines.add(Wire.mapper().readTree(line));
    }
    return lines;
  }
}
