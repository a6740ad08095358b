package io.fettle.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.StoreAddress;
import io.fettle.workflows.lineage.PhaseTime;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.lineage.RunStory.Document;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunComparisonTest {
  private static final String SAME = "a".repeat(64);

  @TempDir Path folder;
  private ObjectStore store;
  private Records records;
  private String python = "Python 3.11.7";

  @BeforeEach
  void open() throws IOException {
    var root = folder.resolve("store").toUri();
    store = Stores.open(root);
    records = Records.in(new StoreAddress(root, Stores.Access.USUAL));
  }

  @AfterEach
  void close() throws IOException {
    records.close();
    store.close();
  }

  @Test
  void what_differs_is_shown_with_both_values_and_what_is_equal_is_not() throws Exception {
    var compared =
        compare(
            evaluated("one", 0.0002, SAME, 0.9, "t1"), evaluated("two", 0.001, SAME, 0.8, "t1"));

    assertThat(compared.parameters())
        .containsExactly(new RunComparison.Parameter("train.learning_rate", "2.0E-4", "0.001"));
    assertThat(compared.sameItems()).isTrue();
    assertThat(compared.scores()).hasSize(1);
    assertThat(compared.scores().getFirst().first())
        .isEqualTo(new RunComparison.Score(0.9, 0.8, 0.95, 1));
    assertThat(compared.scores().getFirst().second())
        .isEqualTo(new RunComparison.Score(0.8, 0.8, 0.95, 1));
    assertThat(compared.costs())
        .contains(
            new RunComparison.Cost("train", "s", 12.5, 12.5),
            new RunComparison.Cost("estimate", "$", 3.5, 3.5));
  }

  @Test
  void marks_of_other_interpreters_are_told() throws Exception {
    var one = evaluated("one", 0.1, SAME, 0.9, "t1");
    python = "Python 3.13.1";

    assertThat(compare(one, evaluated("two", 0.1, SAME, 0.8, "t1")).parameters())
        .containsExactly(
            new RunComparison.Parameter("scored by.python3", "Python 3.11.7", "Python 3.13.1"));
  }

  @Test
  void runs_of_different_criteria_are_never_compared_and_the_differing_criterion_is_named()
      throws Exception {
    var one = evaluated("one", 0.0002, SAME, 0.9, "t1");
    var two = evaluated("two", 0.0002, "b".repeat(64), 0.8, "t1");

    assertThatThrownBy(() -> RunComparison.of(records, one, two))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining(
            "two is of another series than one: criteria changed (series: aaaa -> bbbb), from aaaaaaaaaaaa to bbbbbbbbbbbb")
        .hasMessageContaining("never compared; run one of them again")
        .extracting(failure -> ((CommandFailure) failure).exitCode())
        .isEqualTo(ExitCode.INVALID);
  }

  @Test
  void scores_of_other_items_are_marked() throws Exception {
    var compared =
        compare(evaluated("one", 0.1, SAME, 0.9, "t1"), evaluated("two", 0.1, SAME, 0.8, "t2"));

    assertThat(compared.sameItems()).isFalse();
  }

  @Test
  void a_run_that_was_never_evaluated_is_refused_with_how_it_ended() throws Exception {
    var one = evaluated("one", 0.1, SAME, 0.9, "t1");
    var two = written(story("two", List.of()));

    assertThatThrownBy(() -> RunComparison.of(records, one, two))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("two was never evaluated (it ended ADVISED_AGAINST)");
  }

  private RunComparison compare(Records.Kept one, Records.Kept two) {
    return RunComparison.of(records, one, two);
  }

  private Records.Kept evaluated(String run, double rate, String hash, double score, String item)
      throws IOException {
    ObjectNode spec = Wire.mapper().createObjectNode();
    spec.putObject("train").put("learning_rate", rate).put("seed", 17);
    ObjectNode evaluation = Wire.mapper().createObjectNode().put("criteriaSha256", hash);
    evaluation.putObject("criteria").put("metric", "accuracy").put("series", hash.substring(0, 4));
    evaluation
        .putArray("scores")
        .addObject()
        .put("arm", "SERVED")
        .put("shots", 0)
        .put("score", score)
        .put("low", 0.8)
        .put("high", 0.95)
        .put("items", 1);
    evaluation.putObject("scoredBy").put("python3", python);
    evaluation.putArray("items").addObject().put("id", item).put("reference", "yes");
    var documents = new ArrayList<Document>();
    documents.add(document("resolvedSpec", spec));
    documents.add(document("evaluation", evaluation));
    return written(story(run, documents));
  }

  private Document document(String name, ObjectNode body) throws IOException {
    return new Document(name, store.putBlob(Wire.mapper().writeValueAsBytes(body)));
  }

  private static RunStory story(String run, List<Document> documents) {
    return new RunStory(
        run,
        "execution",
        RunOutcome.ADVISED_AGAINST,
        "",
        "",
        "",
        documents,
        List.of(new PhaseTime("train", 1, 12.5, "done", "")),
        List.of(),
        Optional.empty(),
        "",
        List.of(),
        "d".repeat(64));
  }

  private Records.Kept written(RunStory story) throws IOException {
    String place = "runs/%s/executions/execution/".formatted(story.run());
    store.put(place + "record.json", Wire.mapper().writeValueAsBytes(story));
    store.put(
        place + "plan.json",
        "{\"dollars\": 3.5}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return records.required(story.run());
  }
}
