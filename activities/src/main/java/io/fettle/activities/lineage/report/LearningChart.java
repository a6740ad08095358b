package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Scores on dev over the number of training rows, each with its interval. */
final class LearningChart {
  private static final int WIDTH = 920;
  private static final int HEIGHT = 240;
  private static final int LEFT = 52;
  private static final int RIGHT = 900;
  private static final int TOP = 14;
  private static final int BOTTOM = 200;
  private static final double CAP = 5;

  private final JsonNode curve;
  private final Axis x;
  private final Axis y = new Axis(0, 1, BOTTOM, TOP);

  private LearningChart(JsonNode curve) {
    this.curve = curve;
    double most = curve.path("rowsAhead").asDouble(1);
    for (JsonNode point : curve.path("points")) {
      most = Math.max(most, point.path("rows").asDouble());
    }
    this.x = new Axis(0, most, LEFT, RIGHT);
  }

  /** Of a finding's curve. */
  static Html of(JsonNode curve) {
    return new LearningChart(curve).draw();
  }

  private Html draw() {
    Html svg =
        Html.of(
            "<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"score on dev over training rows\">",
            WIDTH, HEIGHT);
    axes(svg);
    List<String> line = new ArrayList<>();
    for (JsonNode point : curve.path("points")) {
      line.add(at(point.path("rows").asDouble(), point.path("score").asDouble()));
      point(svg, point);
    }
    ahead(svg, line.isEmpty() ? "" : line.getLast());
    return svg.add("<polyline class=\"dev\" points=\"%s\"/></svg>", String.join(" ", line));
  }

  private void axes(Html svg) {
    for (double tick : y.ticks(5)) {
      svg.add(
          "<line class=\"grid\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
          LEFT, RIGHT, px(y.at(tick)), px(y.at(tick)));
      svg.add(
          "<text class=\"end\" x=\"%s\" y=\"%s\">%s</text>",
          LEFT - 8, px(y.at(tick) + 4), Html.number(1, tick));
    }
    for (double tick : x.ticks(8)) {
      svg.add(
          "<text class=\"mid\" x=\"%s\" y=\"%s\">%s</text>",
          px(x.at(tick)), BOTTOM + 18, Math.round(tick));
    }
    svg.add("<text class=\"end\" x=\"%s\" y=\"%s\">training rows</text>", RIGHT, HEIGHT - 6);
  }

  private void point(Html svg, JsonNode point) {
    double middle = x.at(point.path("rows").asDouble());
    double low = y.at(point.path("low").asDouble());
    double high = y.at(point.path("high").asDouble());
    svg.add(
        "<line class=\"interval served\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
        px(middle), px(middle), px(low), px(high));
    for (double end : List.of(low, high)) {
      svg.add(
          "<line class=\"interval served\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
          px(middle - CAP), px(middle + CAP), px(end), px(end));
    }
    svg.add(
        "<circle class=\"dev\" cx=\"%s\" cy=\"%s\" r=\"4.5\"><title>%s rows: %s [%s, %s]</title></circle>",
        px(middle),
        px(y.at(point.path("score").asDouble())),
        point.path("rows").asInt(),
        Html.number(3, point.path("score").asDouble()),
        Html.number(3, point.path("low").asDouble()),
        Html.number(3, point.path("high").asDouble()));
  }

  /** What the law makes of it, dashed: nothing was measured there. */
  private void ahead(Html svg, String from) {
    JsonNode points = curve.path("points");
    JsonNode last = points.path(points.size() - 1);
    double score = last.path("score").asDouble() + curve.path("ahead").path("estimate").asDouble();
    svg.add(
        "<polyline class=\"lost\" points=\"%s %s\"/>",
        from, at(curve.path("rowsAhead").asDouble(), Math.clamp(score, 0, 1)));
  }

  private String at(double rows, double score) {
    return px(x.at(rows)) + "," + px(y.at(score));
  }

  private static String px(double value) {
    return Html.number(1, value);
  }
}
