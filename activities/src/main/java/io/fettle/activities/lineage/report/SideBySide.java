package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Every test item as a row, every arm as a column. The page holds the items as data and lays out
 * the few that are looked at, so that thousands are no burden.
 */
final class SideBySide {
  private static final int MOST_ITEMS = 20_000;
  private static final int LONGEST_TEXT = 1_200;
  private static final int LONGEST_REASON = 300;
  private static final double RIGHT = 1;

  private final Documents documents;

  SideBySide(Documents documents) {
    this.documents = documents;
  }

  Html section() throws IOException {
    JsonNode details = documents.json("evaluation").orElse(MissingNode.getInstance());
    JsonNode items = details.path("items");
    Html section = Html.of("<section id=\"side\"><h2>Test items side by side</h2>");
    if (items.isEmpty()) {
      return section.raw("<p class=\"gap\">No test item was answered in this run.</p></section>");
    }
    section.raw(
        """
        <p class="filter"><select id="ours" aria-label="arm"></select> against <select id="theirs"
        aria-label="other arm"></select> <select id="which" aria-label="which items"><option value="">all items
        <option value="win">wins: only the first is right<option value="loss">losses: only the second is right
        <option value="flip">flips: one of the two is right<option value="regression">regressions: right before, wrong
        in the first<option value="wrong">the first is wrong</select>
        <input id="words" type="search" placeholder="filter by text" aria-label="filter by text">
        <span id="shown"></span></p>
        <noscript><p class="note">This table needs scripts; the evaluation document holds every item.</p></noscript>
        <div class="scroll"><table id="items"><thead></thead><tbody></tbody></table></div>
        <p class="pages"><button id="back">back</button> <span id="page"></span> <button id="on">on</button></p>
        """);
    if (items.size() > MOST_ITEMS) {
      section.add(
          "<p class=\"gap\">The first %s of %s items; the evaluation document holds them all.</p>",
          MOST_ITEMS, items.size());
    }
    return section
        .raw("<script type=\"application/json\" id=\"data\">")
        .raw(inert(data(details)))
        .raw("</script></section>");
  }

  private ObjectNode data(JsonNode details) throws IOException {
    JsonNode items = details.path("items");
    ObjectNode data = Wire.mapper().createObjectNode();
    ArrayNode arms = data.putArray("arms");
    List<String> names = new ArrayList<>();
    for (JsonNode answer : items.path(0).path("answers")) {
      arms.addObject().put("name", Words.arm(answer)).put("arm", answer.path("arm").asText());
      names.add(Words.arm(answer));
    }
    ArrayNode criteria = data.putArray("criteria");
    details.at("/criteria/scoring/rubric/questions").forEach(each -> criteria.add(each.asText()));
    Opinions opinions =
        Opinions.of(details, documents.ratings(), names, text -> cut(text, LONGEST_REASON));
    opinions.describe(data);
    Map<String, String> questions = questions();
    ArrayNode rows = data.putArray("items");
    for (int i = 0; i < Math.min(items.size(), MOST_ITEMS); i++) {
      ObjectNode row = rows.addObject();
      row(row, items.get(i), questions);
      opinions.describe(row, items.get(i).path("id").asText());
    }
    return data;
  }

  /** Short names, since they stand in the page thousands of times. */
  private static void row(ObjectNode row, JsonNode item, Map<String, String> questions) {
    String id = item.path("id").asText();
    row.put("id", id)
        .put("q", questions.getOrDefault(id, ""))
        .put("r", cut(item.path("reference").asText()));
    ArrayNode answers = row.putArray("a");
    for (JsonNode answer : item.path("answers")) {
      ObjectNode told =
          answers.addObject().put("t", cut(answer.path("answer").asText())).put("s", mark(answer));
      String note = answer.path("note").asText();
      if (!note.isEmpty()) {
        told.put("n", cut(note));
      }
      for (JsonNode ruling : answer.path("rulings")) {
        told.withArray("c")
            .addArray()
            .add(ruling.path("said").asText())
            .add(cut(ruling.path("reason").asText(), LONGEST_REASON))
            .add(ruling.path("unanimous").asBoolean());
      }
    }
  }

  /** Documents of before there were scores between the two hold only whether it was right. */
  private static double mark(JsonNode answer) {
    return answer.has("mark")
        ? answer.path("mark").asDouble()
        : answer.path("right").asBoolean() ? RIGHT : 0;
  }

  /** The last thing that was asked, by row id. */
  private Map<String, String> questions() throws IOException {
    Map<String, String> questions = new HashMap<>();
    for (JsonNode row : documents.lines(documents.file("dataset", "test.jsonl"))) {
      for (JsonNode message : row.path("messages")) {
        if (message.path("role").asText().equals("user")) {
          questions.put(row.path("id").asText(), cut(message.path("content").asText()));
        }
      }
    }
    return questions;
  }

  /** JSON that no parser of HTML takes for the end of its script. */
  private static String inert(JsonNode data) throws JsonProcessingException {
    return Wire.mapper()
        .writeValueAsString(data)
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026");
  }

  private static String cut(String text) {
    return cut(text, LONGEST_TEXT);
  }

  private static String cut(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest) + " \u2026";
  }
}
