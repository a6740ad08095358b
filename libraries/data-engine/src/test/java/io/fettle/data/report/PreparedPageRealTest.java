package io.fettle.data.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page in a real browser: the first Chromium on the PATH. CI installs one. */
@Tag("real")
class PreparedPageRealTest {
  private static final List<String> BROWSERS =
      List.of(
          "chromium-headless-shell",
          "chromium",
          "chromium-browser",
          "google-chrome",
          "google-chrome-stable");

  /** Of marked text and of the chart, as the style sheet has them by day. */
  private static final int MARK = 0xFFF0B8;

  @TempDir Path folder;
  private String browser = "";
  private Path page = Path.of("");

  @BeforeEach
  void prepare() throws IOException {
    Optional<Path> found = browser();
    Assumptions.assumeTrue(found.isPresent(), "no Chromium is on the PATH");
    browser = found.orElseThrow().toString();
    page = Files.writeString(folder.resolve("page.html"), PreparedPage.render(Stories.hostile()));
  }

  @Test
  void the_browser_shows_the_numbers_and_runs_nothing_of_a_row() throws Exception {
    String dom = open("--dump-dom");

    assertThat(text(dom, "table", "parts")).contains("train1,23498,7654,321", "dev564,000200");
    assertThat(text(dom, "table", "stages")).contains("read2,3002,29010", "is not one JSON object");
    assertThat(text(dom, "table", "redactions")).contains("email17iban3");
    assertThat(count(dom, "<rect class=\"before\"")).isEqualTo(4);
    assertThat(count(dom, "<img")).isZero();
    assertThat(count(dom, "<script>")).isEqualTo(1);
    assertThat(dom).contains("<mark>&lt;/pre&gt;&lt;/script&gt;&lt;script&gt;");
    assertThat(text(dom, "title", "")).startsWith("support ").doesNotStartWith("owned");
  }

  @Test
  void the_pages_own_script_and_style_are_let_through_and_others_are_not() throws Exception {
    String own = Files.readString(page);
    String foreign = own.replace("</main>", "<script>document.title='owned'</script></main>");
    page = Files.writeString(folder.resolve("foreign.html"), foreign);

    // Nothing of the page has two details to fold, but for those of one section.
    assertThat(text(open("--dump-dom"), "title", "")).startsWith("support ");
    page = Files.writeString(folder.resolve("folds.html"), twice(own));
    assertThat(open("--dump-dom")).contains("<button class=\"fold\">");
  }

  @Test
  void the_screenshot_is_styled_and_not_empty() throws Exception {
    Path shot = folder.resolve("page.png");
    open("--screenshot=" + shot, "--window-size=1100,3200", "--hide-scrollbars");

    BufferedImage image = ImageIO.read(shot.toFile());
    Map<Integer, Integer> colours = new HashMap<>();
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colours.merge(image.getRGB(x, y) & 0xFFFFFF, 1, Integer::sum);
      }
    }

    assertThat(image.getWidth()).isEqualTo(1_100);
    assertThat(colours).hasSizeGreaterThan(50).containsKey(MARK);
    assertThat(colours.getOrDefault(0xFFFFFF, 0)).as("white").isLessThan(1_100 * 3_200 * 9 / 10);
  }

  /** Has a second cluster, so that there is something to fold. */
  private static String twice(String own) {
    return own.replaceFirst("<details>", "<details><summary>more</summary></details><details>");
  }

  private String open(String... options) throws Exception {
    Path out = Files.createTempFile(folder, "out", "");
    Stream<String> usual =
        Stream.of(
            browser,
            "--headless",
            "--no-sandbox", // CI is root, and the page is ours
            "--disable-gpu",
            "--user-data-dir=" + folder.resolve("profile"));
    List<String> command =
        Stream.of(usual, Arrays.stream(options), Stream.of(page.toUri().toString()))
            .flatMap(part -> part)
            .toList();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(out.toFile())
            .redirectError(folder.resolve("err").toFile())
            .start();
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended && process.exitValue() == 0)
        .as("%s: %s", command, Files.readString(folder.resolve("err")))
        .isTrue();
    return Files.readString(out);
  }

  /** What an element shows, as people read it. */
  private static String text(String dom, String element, String id) {
    String start =
        id.isEmpty() ? "<%s>".formatted(element) : "<%s id=\"%s\">".formatted(element, id);
    var found =
        Pattern.compile(Pattern.quote(start) + "(.*?)</" + element + ">", Pattern.DOTALL)
            .matcher(dom);
    assertThat(found.find()).as(start).isTrue();
    return found.group(1).replaceAll("<[^>]*>", "");
  }

  private static int count(String dom, String piece) {
    return dom.split(Pattern.quote(piece), -1).length - 1;
  }

  private static Optional<Path> browser() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return BROWSERS.stream()
        .flatMap(name -> Stream.of(path.split(File.pathSeparator)).map(at -> Path.of(at, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
