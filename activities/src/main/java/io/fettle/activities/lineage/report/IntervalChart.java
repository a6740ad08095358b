package io.fettle.activities.lineage.report;

import java.util.List;

/** Rows of points with their intervals on one scale. */
final class IntervalChart {
  private static final int WIDTH = 920;
  private static final int LEFT = 150;
  private static final int RIGHT = 560;
  private static final int ROW = 34;
  private static final int TOP = 10;

  private IntervalChart() {}

  /**
   * One row.
   *
   * @param kind its colour's class
   * @param bound what the low end must exceed; NaN: nothing
   * @param note at the right
   */
  record Row(
      String name, String kind, double value, double low, double high, double bound, String note) {}

  static Html of(String title, List<Row> rows, double low, double high) {
    Axis x = new Axis(low, high, LEFT, RIGHT);
    int bottom = TOP + ROW * rows.size();
    Html svg =
        Html.of(
            "<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"%s\">",
            WIDTH, bottom + 26, title);
    for (double tick : x.ticks(6)) {
      svg.add(
          "<line class=\"%s\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
          Math.abs(tick) < 1e-12 ? "zero" : "grid", px(x.at(tick)), px(x.at(tick)), TOP, bottom);
      svg.add(
          "<text class=\"mid\" x=\"%s\" y=\"%s\">%s</text>",
          px(x.at(tick)), bottom + 18, Html.number(2, tick));
    }
    for (int i = 0; i < rows.size(); i++) {
      row(svg, x, rows.get(i), TOP + ROW * i + ROW / 2);
    }
    return svg.raw("</svg>");
  }

  private static void row(Html svg, Axis x, Row row, int y) {
    svg.add("<text class=\"end\" x=\"%s\" y=\"%s\">%s</text>", LEFT - 14, y + 4, row.name());
    svg.add(
        "<line class=\"interval %s\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
        row.kind(), px(x.at(row.low())), px(x.at(row.high())), y, y);
    for (double end : List.of(row.low(), row.high())) {
      svg.add(
          "<line class=\"interval %s\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
          row.kind(), px(x.at(end)), px(x.at(end)), y - 5, y + 5);
    }
    svg.add(
        "<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"5\"/>", row.kind(), px(x.at(row.value())), y);
    if (!Double.isNaN(row.bound())) {
      svg.add(
          "<line class=\"bound\" x1=\"%s\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
          px(x.at(row.bound())), px(x.at(row.bound())), y - 13, y + 13);
    }
    svg.add("<text x=\"%s\" y=\"%s\">%s</text>", RIGHT + 16, y + 4, row.note());
  }

  private static String px(double value) {
    return Html.number(1, value);
  }
}
