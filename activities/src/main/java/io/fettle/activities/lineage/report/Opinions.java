package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.workflows.wire.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Whose answer was preferred, item by item: by the judge of pairs, and by people.
 *
 * @param all in the order of the page; a side is the index of its arm
 */
record Opinions(List<Opinion> all) {
  private static final double TIE = 0.5;

  Opinions {
    all = List.copyOf(all);
  }

  /**
   * One judge's, or the raters' of one sheet, of two arms.
   *
   * @param said by item: the preference for ours from 0 to 1; of a judge also what it said with
   *     ours first and with theirs first, each with its reason
   */
  record Opinion(String by, int ours, int theirs, Map<String, JsonNode> said) {}

  /**
   * Gathers them.
   *
   * @param arms names, as in the page's columns
   * @param cut for texts
   */
  static Opinions of(
      JsonNode details, List<JsonNode> ratings, List<String> arms, UnaryOperator<String> cut) {
    List<Opinion> all = new ArrayList<>();
    int served = arms.indexOf("served");
    for (JsonNode pairs : details.path("pairs")) {
      Map<String, JsonNode> said = new HashMap<>();
      for (JsonNode ruling : pairs.path("rulings")) {
        said.put(ruling.path("id").asText(), judged(ruling, cut));
      }
      add(all, new Opinion("judge", served, arms.indexOf(Words.arm(pairs)), said));
    }
    for (JsonNode result : ratings) {
      Map<String, JsonNode> said = new HashMap<>();
      for (Map.Entry<String, JsonNode> item :
          result.path("summary").path("preferences").properties()) {
        said.put(item.getKey(), Wire.mapper().createArrayNode().add(item.getValue().asDouble(TIE)));
      }
      int ours = arms.indexOf(result.path("ours").asText());
      int theirs = arms.indexOf(result.path("theirs").asText());
      add(all, new Opinion("people", ours, theirs, said));
    }
    return new Opinions(all);
  }

  /** Of arms that the page does not show nothing is told. */
  private static void add(List<Opinion> all, Opinion opinion) {
    if (opinion.ours() >= 0 && opinion.theirs() >= 0 && !opinion.said().isEmpty()) {
      all.add(opinion);
    }
  }

  private static ArrayNode judged(JsonNode ruling, UnaryOperator<String> cut) {
    String forward = ruling.path("forward").asText();
    String backward = ruling.path("backward").asText();
    boolean agrees = forward.equals(backward);
    return Wire.mapper()
        .createArrayNode()
        .add(agrees && forward.equals("ours") ? 1 : agrees && forward.equals("theirs") ? 0 : TIE)
        .add(forward)
        .add(backward)
        .add(cut.apply(ruling.path("forwardReason").asText()))
        .add(cut.apply(ruling.path("backwardReason").asText()));
  }

  void describe(ObjectNode data) {
    ArrayNode opinions = data.putArray("opinions");
    all.forEach(
        opinion ->
            opinions
                .addObject()
                .put("by", opinion.by())
                .put("ours", opinion.ours())
                .put("theirs", opinion.theirs()));
  }

  /** One item's, by the number of the opinion; nothing where nobody has one. */
  void describe(ObjectNode row, String item) {
    for (int i = 0; i < all.size(); i++) {
      JsonNode said = all.get(i).said().get(item);
      if (said != null) {
        row.withObject("/p").set(Integer.toString(i), said);
      }
    }
  }
}
