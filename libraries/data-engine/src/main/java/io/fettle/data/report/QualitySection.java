package io.fettle.data.report;

import io.fettle.data.report.PreparedStory.Flag;
import io.fettle.data.report.PreparedStory.Flagged;
import io.fettle.data.report.PreparedStory.Level;
import io.fettle.data.report.PreparedStory.Quality;
import io.fettle.data.report.PreparedStory.Scored;
import java.util.Locale;

/** What a judge or the base model said of the rows: a histogram of scores a source, and flags. */
final class QualitySection {
  private static final double WIDTH = 600;

  private QualitySection() {}

  static Html of(PreparedStory story) {
    Quality quality = story.quality();
    var section = Html.of("<section><h2>Quality</h2>");
    if (quality.by().isEmpty()) {
      return section.raw("<p class=\"gap\">Nobody was asked how good the rows are.</p></section>");
    }
    section.add("<p class=\"note\">%s</p>", quality.by());
    if (!quality.scores().isEmpty()) {
      section.raw(
          "<p class=\"legend\"><i class=\"before\"></i> dropped <i class=\"after\"></i> kept</p>"
              + "<table id=\"scores\"><thead><tr><th>source<th class=\"n\">score<th class=\"n\">rows<th></thead><tbody>");
      quality.scores().forEach(source -> scores(section, source));
      section.raw("</tbody></table>");
    }
    quality.flags().forEach(source -> flags(section, source));
    return section.raw("</section>");
  }

  private static void scores(Html section, Scored source) {
    long most = source.levels().stream().mapToLong(Level::rows).max().orElse(1);
    for (Level level : source.levels()) {
      section.add(
          "<tr><td>%s<td class=\"n\">%s<td class=\"n\">%s<td><svg viewBox=\"0 0 %s 12\"><rect class=\"%s\" x=\"1\" y=\"1\" width=\"%s\" height=\"10\"/></svg>",
          source.source(),
          number(level.score(), level.score() == Math.rint(level.score()) ? 0 : 2),
          level.rows(),
          number(WIDTH + 2, 0),
          level.cut() ? "before" : "after",
          number(WIDTH * level.rows() / most, 1));
    }
    if (source.withoutScore() > 0) {
      section.add(
          "<tr class=\"sub\"><td>%s<td class=\"n\">none<td class=\"n\">%s<td>kept",
          source.source(), source.withoutScore());
    }
  }

  private static void flags(Html section, Flagged source) {
    if (source.rows() == 0) {
      section.add("<p>%s: none of %s rows stands off.</p>", source.source(), source.compared());
      return;
    }
    section.add(
        "<details class=\"flagged\"><summary>%s: %s of %s rows stand off; all are kept</summary>"
            + "<table><thead><tr><th>row<th class=\"n\">off by<th>among<th>prompt<th>answer</thead><tbody>",
        source.source(), source.rows(), source.compared());
    for (Flag flag : source.shown()) {
      section.add(
          "<tr><td class=\"id\"><code>%s</code><td class=\"n\">%s<td>%s<td class=\"text\">%s<td class=\"text\">%s",
          flag.row().id(),
          number(flag.off(), 1),
          flag.peers(),
          Sections.clipped(flag.row().prompt(), Sections.MOST_LETTERS),
          Sections.clipped(flag.row().answer(), Sections.MOST_LETTERS));
    }
    section.raw("</tbody></table></details>");
  }

  private static Html number(double value, int digits) {
    return new Html().raw(String.format(Locale.ROOT, "%." + digits + "f", value));
  }
}
