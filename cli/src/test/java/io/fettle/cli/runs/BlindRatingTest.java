package io.fettle.cli.runs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.evaluation.rating.BlindSheet;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.local.StoreAddress;
import io.fettle.cli.runs.BlindRating.Returned;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.lineage.RunStory.Document;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlindRatingTest {
  private static final int ITEMS = 40;

  @TempDir Path folder;
  private ObjectStore store;
  private Records records;
  private BlindRating rating;
  private Records.Kept run;

  @BeforeEach
  void open() throws IOException {
    var root = folder.resolve("store").toUri();
    store = Stores.open(root);
    records = Records.in(new StoreAddress(root, Stores.Access.USUAL));
    rating = new BlindRating(records);
    run = evaluated("run", "one");
  }

  @AfterEach
  void close() throws IOException {
    records.close();
    store.close();
  }

  @Test
  void a_sheet_has_the_question_and_no_arm_and_its_key_stays_with_the_run() throws Exception {
    BlindSheet sheet = rating.sheet(run, List.of(), 5, 17);

    assertThat(sheet.rows()).hasSize(10);
    assertThat(sheet.rows().getFirst().question()).startsWith("system: Be brief.\nuser: Question ");
    assertThat(sheet.csv()).doesNotContain("served", "few-shot", "expected");
    JsonNode key = stored("ratings/%s/key.json".formatted(sheet.key().sheet()));
    assertThat(key.path("ours").asText()).isEqualTo("served");
    assertThat(key.path("theirs").asText()).isEqualTo("few-shot nearest (4)");
    assertThat(key.toString()).as("no text of rows").doesNotContain("Question", "good", "bad");
    assertThat(rating.sheet(run, List.of("served", "few"), 5, 17)).isEqualTo(sheet);
  }

  @Test
  void arms_are_named_by_what_begins_their_names_alone() {
    assertThat(rating.sheet(run, List.of("Few", "zero-shot"), 5, 17).key().ours())
        .isEqualTo("few-shot nearest (4)");
    assertRefused(() -> rating.sheet(run, List.of("served", "tuned"), 5, 17))
        .hasMessageContaining("no arm of run is called \"tuned\"")
        .hasMessageContaining("zero-shot, few-shot nearest (4), served");
    assertRefused(() -> rating.sheet(run, List.of("served", "serv"), 5, 17))
        .hasMessageContaining("--arms has to name two arms");
    assertRefused(() -> rating.sheet(run, List.of("served"), 5, 17))
        .hasMessageContaining("such as served,few-shot nearest (4)");
  }

  @Test
  void what_raters_say_is_kept_and_shown_with_the_judges_beside_it() throws Exception {
    BlindSheet sheet = rating.sheet(run, List.of(), 20, 17);
    BlindRating.Result result =
        rating.read(
            "run",
            List.of(
                returned("ann", sheet, row -> row.first().startsWith("good")),
                returned("bob", sheet, _ -> true)));

    assertThat(result.summary().items()).isEqualTo(20);
    assertThat(result.summary().raters().getFirst().consistency()).isEqualTo(1);
    assertThat(result.summary().raters().getLast().firstSlot()).isEqualTo(1);
    // ann takes every good answer, which is ours for items of even number; bob only the first
    long even = result.summary().preferences().keySet().stream().filter(id -> even(id)).count();
    assertThat(result.summary().preference().estimate())
        .isCloseTo((0.75 * even + 0.25 * (20 - even)) / 20, within(1e-9));
    assertThat(result.judges())
        .extracting(BlindRating.Judge::judge)
        .containsExactly("pairwise", "rubric");
    // the judge of pairs agrees with ann everywhere, the rubric finds ours better everywhere
    assertThat(result.judges().getFirst().beside().kappa().estimate()).isCloseTo(1, within(1e-9));
    assertThat(result.judges().getLast().beside().kappa().estimate()).isCloseTo(0, within(1e-9));
    assertThat(result.judges().getLast().beside().judged()).isEqualTo(1);
    assertThat(result.judges().getLast().beside().corrected().orElseThrow().estimate())
        .isCloseTo(result.summary().preference().estimate(), within(1e-9));
    JsonNode kept = stored("ratings/%s/result.json".formatted(sheet.key().sheet()));
    assertThat(kept.path("judges")).hasSize(2);
    assertThat(kept.toString()).doesNotContain("Question", "good", "bad");
    assertThat(new String(store.find(at("report.html")).orElseThrow(), UTF_8))
        .contains("<h2>People's ratings</h2>", "<td>bob<td", "The rubric judge agrees with people");
  }

  @Test
  void the_judge_of_pairs_is_turned_where_the_sheet_is() throws Exception {
    BlindSheet sheet = rating.sheet(run, List.of("few-shot", "served"), 40, 17);
    BlindRating.Result result =
        rating.read("run", List.of(returned("ann", sheet, row -> row.first().startsWith("good"))));

    assertThat(result.judges().getFirst().beside().kappa().estimate()).isCloseTo(1, within(1e-9));
    assertThat(result.judges().getFirst().beside().corrected()).as("nothing is left").isEmpty();
    assertThat(result.judges().getLast().beside().judged()).isEqualTo(0);
  }

  @Test
  void a_sheet_of_an_earlier_execution_is_read_where_it_was_made() throws Exception {
    BlindSheet sheet = rating.sheet(run, List.of(), 5, 17);
    evaluated("run", "two");

    BlindRating.Result result = rating.read("run", List.of(returned("ann", sheet, _ -> false)));

    assertThat(result.execution()).isEqualTo("one");
  }

  @Test
  void another_run_s_sheet_and_mixed_sheets_are_refused() throws Exception {
    BlindSheet sheet = rating.sheet(run, List.of(), 5, 17);
    BlindSheet other = rating.sheet(run, List.of(), 6, 17);
    evaluated("another", "one");

    assertRefused(() -> rating.read("another", List.of(returned("ann", sheet, _ -> true))))
        .hasMessageContaining("sheet %s is not of another".formatted(sheet.key().sheet()));
    assertRefused(
            () ->
                rating.read(
                    "run",
                    List.of(returned("ann", sheet, _ -> true), returned("bob", other, _ -> true))))
        .hasMessageContaining("read each sheet by itself");
  }

  @Test
  void everything_wrong_with_all_files_is_told_at_once() throws Exception {
    BlindSheet sheet = rating.sheet(run, List.of(), 5, 17);
    Returned ann = returned("ann", sheet, _ -> true);
    assertRefused(
            () ->
                rating.read(
                    "run",
                    List.of(
                        new Returned(
                            "ann.jsonl", "ann", ann.text().replace("\"first\"", "\"left\"")),
                        ann,
                        ann)))
        .hasMessageContaining("11 problems, so nothing was taken")
        .hasMessageContaining("ann.jsonl: row 00001 says \"left\"; first, second, tie or nothing")
        .hasMessageContaining("ann.jsonl: is a second sheet of that rater");
    assertRefused(
            () -> rating.read("run", List.of(new Returned("x.csv", "x", "row,preferred\n1,tie\n"))))
        .hasMessageContaining("1 problem, so nothing was taken")
        .hasMessageContaining("x.csv: says of no sheet");
    assertRefused(
            () ->
                rating.read(
                    "run",
                    List.of(new Returned("x.csv", "x", "sheet,row,preferred\n../../k,1,tie\n"))))
        .hasMessageContaining("../../k names no sheet");
    assertRefused(() -> rating.read("run", List.of(new Returned("x", "x", sheet.jsonl()))))
        .hasMessageContaining("no item of sheet %s is rated".formatted(sheet.key().sheet()));
    assertThat(store.find(at("ratings/%s/result.json".formatted(sheet.key().sheet())))).isEmpty();
  }

  @Test
  void a_run_without_answers_is_refused_with_how_it_ended() throws Exception {
    Records.Kept early = written(story("early", "one", List.of()));

    assertRefused(() -> rating.sheet(early, List.of(), 5, 17))
        .hasMessageContaining("early has no answers to test items (it ended DEPLOYED)");
  }

  private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return assertThatThrownBy(call).isInstanceOf(CommandFailure.class);
  }

  private static Returned returned(
      String rater, BlindSheet sheet, Predicate<BlindSheet.Row> first) {
    StringBuilder lines = new StringBuilder();
    for (BlindSheet.Row row : sheet.rows()) {
      lines.append(
          "{\"sheet\":\"%s\",\"row\":\"%s\",\"preferred\":\"%s\"}%n"
              .formatted(row.sheet(), row.row(), first.test(row) ? "first" : "second"));
    }
    return new Returned(rater + ".jsonl", rater, lines.toString());
  }

  private static boolean even(String id) {
    return Integer.parseInt(id.substring(1)) % 2 == 0;
  }

  private String at(String name) {
    return "runs/run/executions/one/" + name;
  }

  private JsonNode stored(String name) throws IOException {
    return Wire.mapper().readTree(store.find(at(name)).orElseThrow());
  }

  /** What is served is good where the item's number is even, few-shot where it is odd. */
  private Records.Kept evaluated(String name, String execution) throws IOException {
    ObjectNode evaluation = Wire.mapper().createObjectNode();
    evaluation.putObject("criteria").put("metric", "rubric");
    ArrayNode rulings =
        evaluation
            .putArray("pairs")
            .addObject()
            .put("arm", "FEW_SHOT")
            .put("variant", "nearest")
            .put("shots", 4)
            .putArray("rulings");
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < ITEMS; i++) {
      ObjectNode item = evaluation.withArray("items").addObject();
      item.put("id", "t" + i).put("reference", "expected");
      answer(item, "ZERO_SHOT", "", 0, "poor " + i, 0);
      answer(item, "FEW_SHOT", "nearest", 4, (i % 2 == 0 ? "bad " : "good ") + i, 0.5);
      answer(item, "SERVED", "", 0, (i % 2 == 0 ? "good " : "bad ") + i, 1);
      String prefers = i % 2 == 0 ? "ours" : "theirs";
      rulings.addObject().put("id", "t" + i).put("forward", prefers).put("backward", prefers);
      rows.append(
          """
          {"id": "t%d", "messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Question %d"}, {"role": "assistant", "content": "expected"}]}
          """
              .formatted(i, i));
    }
    byte[] file = rows.toString().getBytes(UTF_8);
    ObjectNode dataset = Wire.mapper().createObjectNode();
    dataset
        .putArray("files")
        .addObject()
        .put("path", "test.jsonl")
        .put("bytes", file.length)
        .put("sha256", store.putBlob(file).sha256());
    return written(
        story(
            name,
            execution,
            List.of(document("evaluation", evaluation), document("dataset", dataset))));
  }

  private static void answer(
      ObjectNode item, String arm, String variant, int shots, String text, double mark) {
    item.withArray("answers")
        .addObject()
        .put("arm", arm)
        .put("variant", variant)
        .put("shots", shots)
        .put("answer", text)
        .put("mark", mark);
  }

  private Document document(String name, ObjectNode body) throws IOException {
    return new Document(name, store.putBlob(Wire.mapper().writeValueAsBytes(body)));
  }

  private static RunStory story(String run, String execution, List<Document> documents) {
    return new RunStory(
        run,
        execution,
        RunOutcome.DEPLOYED,
        "",
        "",
        "",
        documents,
        List.of(),
        List.of(),
        Optional.empty(),
        "",
        List.of(),
        "d".repeat(64));
  }

  private Records.Kept written(RunStory story) throws IOException {
    String key = "runs/%s/executions/%s/record.json".formatted(story.run(), story.execution());
    store.put(key, Wire.mapper().writeValueAsBytes(story));
    return new Records.Kept(story, key);
  }
}
