package io.fettle.data.report;

import io.fettle.data.hash.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Renders a prepared dataset's story. The page is whole: it loads nothing, and its own policy lets
 * a browser run and style with nothing but the two pieces that it names by hash, so that a row
 * which slipped through the escaping could still do nothing.
 */
public final class PreparedPage {
  private PreparedPage() {}

  /** The page; texts longer than 2,000 letters are cut, and say so. */
  public static String render(PreparedStory story) {
    var sections = new Sections(story);
    String style = resource("prepared.css");
    String script = resource("prepared.js");
    return new Html()
        .add(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title>",
            story.title())
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .add(
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &#39;none&#39;; style-src %s; script-src %s\">",
            source(style), source(script))
        .raw("<style>" + style + "</style></head><body><main>")
        .add("%s%s", sections.headline(), sections.folders())
        .add("%s%s", sections.stages(), sections.lengths())
        .add("%s%s%s", sections.clusters(), sections.conflicts(), sections.benchmarks())
        .add("%s%s", sections.swaps(), QualitySection.of(story))
        .add("%s%s", sections.redactions(), sections.examples())
        .raw("</main><script>" + script + "</script></body></html>\n")
        .toString();
  }

  /** How a policy names a piece of the page. */
  private static String source(String piece) {
    byte[] hash = Sha256.digest().digest(piece.getBytes(StandardCharsets.UTF_8));
    return "'sha256-%s'".formatted(Base64.getEncoder().encodeToString(hash));
  }

  private static String resource(String name) {
    try (InputStream file = PreparedPage.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is missing beside " + PreparedPage.class);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(name + " cannot be read", e);
    }
  }
}
