package io.fettle.activities.lineage.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.browser.Chromium;
import io.fettle.activities.store.Stores;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The report of 3,000 items in a real browser: the first Chromium on the PATH. */
@Tag("real")
class SideBySideRealTest {
  private static final int ITEMS = 3_000;
  private static final int PAGE = 50;

  @TempDir(cleanup = org.junit.jupiter.api.io.CleanupMode.NEVER)
  Path folder;

  private Chromium browser;
  private Path page = Path.of("");

  @BeforeEach
  void render() throws Exception {
    browser = Chromium.in(folder);
    try (var store = Stores.open(folder.resolve("store").toUri())) {
      String report = new ReportPage(store).render(JudgedFixture.of(store, ITEMS));
      page = Files.writeString(folder.resolve("report.html"), report);
    }
  }

  @Test
  void a_page_of_the_items_is_laid_out_and_all_of_them_are_counted() throws Exception {
    String dom = open("", "--dump-dom");

    assertThat(shown(dom)).isEqualTo("3000 of 3000");
    assertThat(rows(dom)).isEqualTo(PAGE);
    assertThat(dom).contains("<span id=\"page\">page 1 of 60</span>");
    assertThat(dom).contains("<th>served</th><th>few-shot (4)</th><th>zero-shot</th>");
    assertThat(dom).as("a row's markup is text").contains("&lt;script&gt;alert('row')");
    assertThat(dom).as("what differs is marked").contains("<mark>radio</mark>");
  }

  @Test
  void wins_losses_flips_and_regressions_are_what_the_marks_say() throws Exception {
    // Of twelve items few-shot has 0 and 6 right, and the served model all but 5.
    assertThat(shown(open("show=win", "--dump-dom"))).isEqualTo(ITEMS / 12 * 9 + " of 3000");
    assertThat(shown(open("show=loss", "--dump-dom"))).isEqualTo("0 of 3000");
    assertThat(shown(open("show=flip", "--dump-dom"))).isEqualTo(ITEMS / 12 * 9 + " of 3000");
    assertThat(shown(open("show=wrong", "--dump-dom"))).isEqualTo(ITEMS / 12 + " of 3000");
    assertThat(shown(open("arm=few-shot%20(4)&against=served&show=loss", "--dump-dom")))
        .isEqualTo(ITEMS / 12 * 9 + " of 3000");
  }

  @Test
  void a_judge_s_answers_stand_under_the_marks_with_their_reasons() throws Exception {
    String dom = open("", "--dump-dom");

    assertThat(dom)
        .contains(
            "<li class=\"no\"><b>no</b> Is it &lt;b&gt;true&lt;/b&gt;? <i>Reason 5 (not every time)</i>")
        .contains(
            "<li class=\"yes\"><b>yes</b> Is it polite? <i>It thanks. &lt;script&gt;alert('row')")
        .doesNotContain("<b>true</b>", "<script>alert", "<img src=http");
    assertThat(shown(open("show=unmet", "--dump-dom"))).isEqualTo(ITEMS / 12 + " of 3000");
    assertThat(shown(open("words=Reason%202999", "--dump-dom"))).isEqualTo("1 of 3000");
  }

  @Test
  void both_orders_of_a_pair_are_shown_with_their_outcome_beside_what_people_prefer()
      throws Exception {
    String dom = open("", "--dump-dom");

    assertThat(dom)
        .contains("<b>judge</b>: prefers served</summary>")
        .contains("<b>judge</b>: prefers few-shot (4)</summary>")
        .contains("<b>judge</b>: tie, the two orders disagree</summary>")
        .contains("<div>served shown first: served <i>shorter 2</i></div>")
        .contains("<div>few-shot (4) shown first: few-shot (4) <i>clearer 2</i></div>")
        .contains("<b>people</b>: prefer served (0.75)")
        .contains("<b>people</b>: prefer few-shot (4) (1.00)");
    // people add item 1 to what the judge likes of served, and item 2 to what it does not
    assertThat(shown(open("show=liked", "--dump-dom"))).isEqualTo("1001 of 3000");
    assertThat(shown(open("show=disliked", "--dump-dom"))).isEqualTo("1001 of 3000");
    assertThat(shown(open("show=split", "--dump-dom"))).isEqualTo("1000 of 3000");
    assertThat(shown(open("arm=few-shot%20(4)&against=served&show=liked", "--dump-dom")))
        .isEqualTo("1001 of 3000");
    assertThat(shown(open("against=zero-shot&show=liked", "--dump-dom"))).isEqualTo("0 of 3000");
  }

  @Test
  void words_and_the_page_come_from_the_address() throws Exception {
    String dom = open("words=Ticket%2029&page=3", "--dump-dom");

    // 29, 290 to 299 and 2900 to 2999: 111, of which page 3 holds the last 11.
    assertThat(shown(dom)).isEqualTo("111 of 3000");
    assertThat(dom).contains("page 3 of 3");
    assertThat(rows(dom)).isEqualTo(11);
  }

  @Test
  void the_screenshot_shows_the_table() throws Exception {
    Path shot = folder.resolve("page.png");
    open("show=wrong", "--screenshot=" + shot, "--window-size=1200,4200", "--hide-scrollbars");

    BufferedImage image = ImageIO.read(shot.toFile());
    assertThat(image.getWidth()).isEqualTo(1_200);
    long colours = Arrays.stream(pixels(image)).distinct().count();
    assertThat(colours).isGreaterThan(50);
  }

  private static int[] pixels(BufferedImage image) {
    return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
  }

  private static int rows(String dom) {
    return dom.split("<tr data-is=", -1).length - 1;
  }

  private static String shown(String dom) {
    var found = Pattern.compile("<span id=\"shown\">([^<]*)</span>").matcher(dom);
    assertThat(found.find()).as("the table's script has run").isTrue();
    return found.group(1);
  }

  private String open(String state, String... options) throws IOException, InterruptedException {
    return browser.open(page.toUri() + (state.isEmpty() ? "" : "#" + state), options);
  }
}
