package io.fettle.activities.lineage.report;

import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.lineage.RunStory;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Renders a run's story; what it shows of documents is read from the store. */
public final class ReportPage {
  private final ObjectStore store;

  public ReportPage(ObjectStore store) {
    this.store = store;
  }

  /**
   * The page, whole: it loads nothing, and its own policy forbids it to.
   *
   * @throws IOException if the store is away; a document that is missing only leaves a gap
   */
  public String render(RunStory story) throws IOException {
    Documents documents = new Documents(store, story);
    RunSections run = new RunSections(documents, story);
    EvaluationSections evaluation = new EvaluationSections(documents);
    return new Html()
        .add(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>%s</title>",
            story.run())
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">")
        .raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ")
        .raw("style-src 'unsafe-inline'; script-src 'unsafe-inline'\">")
        .raw("<style>" + resource("report.css") + "</style></head><body><main>")
        .add("%s%s", run.headline(), run.curve())
        .add("%s%s%s", evaluation.advice(), evaluation.arms(), evaluation.comparisons())
        .add("%s", PeopleSection.of(documents))
        .add("%s%s%s", run.phases(), run.leases(), SavingSection.of(documents, story))
        .add("%s", HostsSection.of(documents, story))
        .add("%s%s", run.orders(), new SideBySide(documents).section())
        .add("%s%s%s", DataSection.of(documents), run.artifacts(), run.versions())
        .raw("</main><script>" + resource("report.js") + "</script></body></html>\n")
        .toString();
  }

  /** The run in Markdown, as model hubs show it. */
  public String modelCard(RunStory story) throws IOException {
    return ModelCard.of(new Documents(store, story), story);
  }

  private static String resource(String name) throws IOException {
    try (InputStream file = ReportPage.class.getResourceAsStream(name)) {
      if (file == null) {
        throw new IllegalStateException(name + " is missing beside " + ReportPage.class);
      }
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
