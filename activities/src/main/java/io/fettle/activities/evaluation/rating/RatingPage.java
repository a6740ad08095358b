package io.fettle.activities.evaluation.rating;

import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A blind sheet as a page of its own. */
final class RatingPage {
  private RatingPage() {}

  static String of(BlindSheet sheet) throws IOException {
    String data =
        Wire.mapper()
            .writeValueAsString(Map.of("sheet", sheet.key().sheet(), "rows", sheet.rows()))
            // no parser of HTML takes any of it for the end of its script
            .replace("<", "\\u003c")
            .replace(">", "\\u003e")
            .replace("&", "\\u0026");
    return resource().replace("{{data}}", data);
  }

  private static String resource() throws IOException {
    try (InputStream file = RatingPage.class.getResourceAsStream("rating.html")) {
      if (file == null) {
        throw new IllegalStateException("rating.html is missing beside " + RatingPage.class);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
