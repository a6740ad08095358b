package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.lineage.RunStory.Document;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.List;

/**
 * The run of {@link ReportFixture}, its answers judged by a rubric, in pairs, and by people. Of
 * twelve items the rubric's judge finds the served answer 5 wanting; of three, the judge of pairs
 * prefers the served answer of the first, few-shot's of the second, and contradicts itself on the
 * third. People prefer the served answer of items 0 and 1, few-shot's of item 2.
 */
final class JudgedFixture {
  private JudgedFixture() {}

  static RunStory of(ObjectStore store, int items) throws IOException {
    RunStory story = ReportFixture.of(store, items);
    Document found =
        story.documents().stream()
            .filter(each -> each.name().equals("evaluation"))
            .findFirst()
            .orElseThrow();
    ObjectNode details = (ObjectNode) Wire.mapper().readTree(store.read(found.reference()));
    judged(details, items);
    var changed = store.putBlob(Wire.mapper().writeValueAsBytes(details));
    rated(store, story);
    List<Document> documents =
        story.documents().stream()
            .map(each -> each.equals(found) ? new Document("evaluation", changed) : each)
            .toList();
    return new RunStory(
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
        story.dataset());
  }

  private static void judged(ObjectNode details, int items) {
    details
        .withObject("/criteria")
        .withObject("/scoring")
        .withObject("/rubric")
        .withArray("questions")
        .add("Is it polite?")
        .add("Is it <b>true</b>?");
    ArrayNode pairs = details.withArray("pairs");
    ObjectNode pair = pairs.addObject().put("arm", "FEW_SHOT").put("shots", 4);
    for (int i = 0; i < items; i++) {
      ObjectNode served = (ObjectNode) details.at("/items/%d/answers/2".formatted(i));
      ruling(served, "yes", "It thanks. " + (i == 3 ? ReportFixture.HOSTILE : ""), true);
      ruling(served, i % 12 == 5 ? "no" : "yes", "Reason " + i, i % 2 == 0);
      pair.withArray("rulings")
          .addObject()
          .put("id", "test.jsonl:" + i)
          .put("forward", i % 3 == 1 ? "theirs" : "ours")
          .put("backward", i % 3 == 0 ? "ours" : "theirs")
          .put("forwardReason", i == 3 ? ReportFixture.HOSTILE : "shorter " + i)
          .put("backwardReason", "clearer " + i);
    }
  }

  private static void ruling(ObjectNode answer, String said, String reason, boolean unanimous) {
    answer
        .withArray("rulings")
        .addObject()
        .put("said", said)
        .put("reason", reason)
        .put("unanimous", unanimous);
  }

  private static void rated(ObjectStore store, RunStory story) throws IOException {
    String result =
        """
        {"sheet": "s0123456789ab", "ours": "served", "theirs": "few-shot (4)", "items": 5,
         "summary": {"items": 3, "preference": {"estimate": 0.667, "low": 0.21, "high": 0.94},
           "wins": {"items": 2, "share": {"estimate": 0.667, "low": 0.21, "high": 0.94}},
           "ties": {"items": 0, "share": {"estimate": 0, "low": 0, "high": 0.56}},
           "losses": {"items": 1, "share": {"estimate": 0.333, "low": 0.06, "high": 0.79}},
           "preferences": {"test.jsonl:0": 1, "test.jsonl:1": 0.75, "test.jsonl:2": 0},
           "raters": [{"name": "<b>ann</b>", "rows": 10, "missing": 4, "items": 3, "consistency": 1, "firstSlot": 0.5}],
           "agreement": [{"one": "<b>ann</b>", "other": "bob", "items": 3, "kappa": {"estimate": 0.4, "low": 0, "high": 0.8}}]},
         "judges": [{"judge": "pairwise", "beside": {"items": 3, "judged": 0.6, "judgedItems": 60,
           "kappa": {"estimate": 0.31, "low": 0.1, "high": 0.5}, "corrected": {"estimate": 0.55, "low": 0.4, "high": 0.7}}}]}
        """;
    store.put(
        "runs/%s/executions/%s/ratings/s0123456789ab/result.json"
            .formatted(story.run(), story.execution()),
        result.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }
}
