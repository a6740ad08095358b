package io.fettle.activities.evaluation.rating;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.browser.Chromium;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page on which people rate, in a real browser. A script at its end presses the keys, and shows
 * the file that the page would save.
 */
@Tag("real")
class RatingPageRealTest {
  private static final String HOSTILE = "</script><script>alert('x')</script>";

  /** Headless Chromium prints the page as it stands when this much time of its own has passed. */
  private static final String PATIENCE = "--virtual-time-budget=5000";

  private static final String DRIVER =
      """
      <script>
      const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      const look = (what) => {
        const node = document.createElement("pre");
        node.className = "seen";
        node.textContent = what;
        document.body.append(node);
      };
      URL.createObjectURL = (blob) => {
        blob.text().then((text) => look(`file ${text}`));
        return "javascript:void 0";
      };
      {{script}}
      </script>
      """;

  @TempDir(cleanup = CleanupMode.NEVER)
  Path folder;

  private Chromium browser;
  private BlindSheet sheet;

  @BeforeEach
  void open() throws IOException {
    browser = Chromium.in(folder);
    sheet =
        BlindSheet.of(
            List.of("served", "few_shot"),
            List.of(answer(0, "good"), answer(1, "good")),
            List.of(answer(0, "bad"), answer(1, HOSTILE)),
            10,
            3);
  }

  @Test
  void keys_rate_the_pairs_and_the_saved_file_is_one_that_the_reader_takes() throws Exception {
    // goes through all rows by keys and takes the good answer, wherever it stands
    String dom =
        page(
            """
            document.getElementById("rater").value = "ann";
            look(document.getElementById("place").textContent);
            for (let i = 0; i < rows.length; i++) press(document.getElementById("one").textContent === "good" ? "1" : "ArrowRight");
            look(document.getElementById("count").textContent);
            document.getElementById("save").click();
            look(document.getElementById("told").textContent);
            """);

    assertThat(seen(dom)).contains("1 of 4", "4 rated, 0 to go", "Saved. Send the file back.");
    assertThat(dom).doesNotContain("served", "few_shot");
    String file = seen(dom).getLast();
    assertThat(file).startsWith("file {");
    Ratings ratings = new Ratings(sheet.key());
    assertThat(Ratings.head(file.substring(5)).rater()).contains("ann");
    assertThat(ratings.add("ann", file.substring(5))).isEmpty();
    assertThat(ratings.summary().preferences())
        .isEqualTo(new TreeMap<>(Map.of("item 0", 1.0, "item 1", 1.0)));
  }

  @Test
  void what_was_said_is_there_when_the_page_is_opened_again() throws Exception {
    page("press('0'); press('2');");
    String dom =
        page(
            """
            look(document.getElementById("place").textContent);
            press("ArrowUp");
            look(document.querySelector(".said").id);
            press("ArrowUp");
            look(document.querySelector(".said").id);
            look(document.getElementById("count").textContent);
            document.getElementById("save").click();
            look(document.getElementById("told").textContent);
            """);

    assertThat(seen(dom))
        .containsExactly("3 of 4", "second", "tie", "2 rated, 2 to go", "Say your name first.");
  }

  @Test
  void an_answer_s_markup_is_text() throws Exception {
    String dom =
        page(
            """
            look(rows.filter((row) => (row.first + row.second).includes("alert")).length);
            look(document.scripts.length);
            """);

    assertThat(seen(dom)).containsExactly("2", "3");
  }

  private String page(String script) throws Exception {
    Path page = folder.resolve("sheet.html");
    Files.writeString(
        page, sheet.html().replace("</body>", DRIVER.replace("{{script}}", script) + "</body>"));
    return browser.open(page.toUri().toString(), "--dump-dom", PATIENCE);
  }

  private static List<String> seen(String dom) {
    return Pattern.compile("<pre class=\"seen\">(.*?)</pre>", Pattern.DOTALL)
        .matcher(dom)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static Answer answer(int item, String text) {
    return new Answer("item " + item, "How?", "", text);
  }
}
