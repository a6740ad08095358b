package io.fettle.data.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class PreparedPageTest {
  private static final Pattern LOADS =
      Pattern.compile("<(link|img|iframe|object)\\b|<script[^>]+|\\burl\\(|@import|\\bfetch\\(");

  private final String page = PreparedPage.render(Stories.hostile());

  @Test
  void every_number_of_the_story_is_on_the_page() {
    assertThat(page)
        .contains("<td>train<td class=\"n\">1,234<td class=\"n\">98,765<td class=\"n\">4,321")
        .contains(": 12 files of rows; 1 left out: notes.txt</p>")
        .contains("<th>read<td><td class=\"n\">2,300<td class=\"n\">2,290<td class=\"n\">10")
        .contains("<td class=\"n\">10<td>is not one JSON object<td>a.csv:1, a.csv:2")
        .contains("the bound of at least 50 tokens costs <b>143</b> rows", "at most 4,096")
        .contains("<tr><td>64 to 128<td class=\"n\">900<td class=\"n\">850")
        .contains("1,100 clusters of alike rows; 190 rows", "the largest holds 31")
        .contains("7 prompts alike are answered differently, in 18 rows")
        .contains("<td class=\"n\">1,319<td class=\"n\">2<td class=\"n\">3<td class=\"n\">5")
        .contains("<code>maths.jsonl:12</code><td>3 to 30<td class=\"n\">96 %")
        .contains("b.csv: 48 of 50 rows read backwards")
        .contains("<td>a.csv<td class=\"n\">1<td class=\"n\">120<td><svg")
        .contains("<td class=\"n\">4.50<td class=\"n\">1,870")
        .contains("<td class=\"n\">none<td class=\"n\">3<td>kept")
        .contains("b.csv: 7 of 290 rows stand off; all are kept", "4.3<td>31 rows")
        .contains("<td>email<td class=\"n\">17", "<td>iban<td class=\"n\">3");
  }

  @Test
  void what_rows_hold_is_text_and_never_markup() {
    assertThat(page)
        .doesNotContain(Stories.HOSTILE)
        .doesNotContain("<img", "</script><script")
        .contains("<mark>&lt;/pre&gt;&lt;/script&gt;&lt;script&gt;document.title=&#39;owned&#39;");
    assertThat(page.split("<script", -1)).hasSize(2);
  }

  @Test
  void the_page_loads_nothing_and_forbids_itself_to() {
    assertThat(LOADS.matcher(page).results().map(found -> found.group())).isEmpty();
    assertThat(page)
        .contains("default-src &#39;none&#39;; style-src &#39;sha256-")
        .doesNotContain("unsafe-inline");
  }

  @Test
  void a_story_without_anything_has_a_page_that_says_so() {
    assertThat(PreparedPage.render(Stories.empty()))
        .contains("No tokens were counted.", "None was given.", "Nothing was blacked out.")
        .contains("Nobody was asked how good the rows are.")
        .contains("cannot tell: too few rows");
  }

  @Test
  void a_long_text_is_cut_between_characters_and_says_how_much_is_missing() {
    assertThat(Sections.clipped("abcdef", 6)).isEqualTo("abcdef");
    assertThat(Sections.clipped("abcdef", 4)).isEqualTo("abcd\u2026 (2 more)");
    assertThat(Sections.clipped("abc\ud83d\ude00ef", 4)).isEqualTo("abc\u2026 (4 more)");
  }
}
