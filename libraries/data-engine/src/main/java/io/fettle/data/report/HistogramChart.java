package io.fettle.data.report;

import io.fettle.data.report.PreparedStory.Bound;
import io.fettle.data.report.PreparedStory.Histogram;
import io.fettle.data.report.PreparedStory.Lengths;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Rows by tokens: what was read as outlines, what stayed filled in. Bins are of equal width. */
final class HistogramChart {
  private static final double WIDTH = 1_000;
  private static final double HEIGHT = 260;
  private static final double TOP = 14;
  private static final double BOTTOM = 230;

  /** So many edges are named; more of them would overlap. */
  private static final int NAMED = 12;

  private HistogramChart() {}

  static Html of(Lengths lengths) {
    Histogram before = lengths.before();
    Histogram after = lengths.after();
    double most = Math.max(1, Math.max(largest(before), largest(after)));
    var chart =
        Html.of(
            "<svg viewBox=\"0 0 %s %s\" role=\"img\" aria-label=\"rows by tokens\">",
            number(WIDTH), number(HEIGHT));
    chart.add(
        "<text x=\"0\" y=\"12\">%s rows</text><line class=\"zero\" x1=\"0\" x2=\"%s\" y1=\"%s\" y2=\"%s\"/>",
        (long) most, number(WIDTH), number(BOTTOM), number(BOTTOM));
    bars(chart, before, most, "before");
    bars(chart, after, most, "after");
    edges(chart, before.rows().isEmpty() ? after.edges() : before.edges());
    return chart.raw("</svg>");
  }

  /** The same numbers for who cannot see the chart, or wants to count. */
  static Html table(Lengths lengths) {
    Histogram before = lengths.before();
    Histogram after = lengths.after();
    var table =
        Html.of(
            "<details><summary>The numbers</summary><table><thead><tr><th>tokens<th class=\"n\">read<th class=\"n\">kept</thead><tbody>");
    for (int bin = 0; bin < Math.max(before.rows().size(), after.rows().size()); bin++) {
      List<Integer> edges = bin < before.rows().size() ? before.edges() : after.edges();
      table.add(
          "<tr><td>%s to %s<td class=\"n\">%s<td class=\"n\">%s",
          edges.get(bin), edges.get(bin + 1), rows(before, bin), rows(after, bin));
    }
    return table.raw("</tbody></table></details>");
  }

  static Html bounds(List<Bound> bounds) {
    var list = new Html();
    for (Bound bound : bounds) {
      list.add(
          "<li>the bound of %s %s tokens costs <b>%s</b> rows",
          bound.name(), bound.tokens(), bound.rows());
    }
    return Html.of("<ul>%s</ul>", list);
  }

  private static void bars(Html chart, Histogram histogram, double most, String kind) {
    int bins = histogram.rows().size();
    double width = WIDTH / Math.max(1, bins);
    for (int bin = 0; bin < bins; bin++) {
      double height = rows(histogram, bin) / most * (BOTTOM - TOP);
      chart.add(
          "<rect class=\"%s\" x=\"%s\" y=\"%s\" width=\"%s\" height=\"%s\"/>",
          kind,
          number(bin * width + 1),
          number(BOTTOM - height),
          number(Math.max(1, width - 2)),
          number(height));
    }
  }

  private static void edges(Html chart, List<Integer> edges) {
    int step = Math.max(1, (edges.size() + NAMED - 1) / NAMED);
    double width = WIDTH / Math.max(1, edges.size() - 1);
    int last = edges.size() - 1;
    for (int edge = 0; edge <= last; edge++) {
      if (edge == last || (edge % step == 0 && last - edge >= step)) {
        chart.add(
            "<text class=\"%s\" x=\"%s\" y=\"%s\">%s</text>",
            edge == last ? "end" : "edge",
            number(edge * width),
            number(BOTTOM + 18),
            edges.get(edge));
      }
    }
  }

  private static long largest(Histogram histogram) {
    return histogram.rows().isEmpty() ? 0 : Collections.max(histogram.rows());
  }

  private static long rows(Histogram histogram, int bin) {
    return bin < histogram.rows().size() ? histogram.rows().get(bin) : 0;
  }

  private static Html number(double value) {
    return new Html().raw(String.format(Locale.ROOT, "%.1f", value));
  }
}
