package io.fettle.activities.lineage;

import io.fettle.activities.lineage.report.ReportPage;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.lineage.RecordActivities;
import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes {@code record.json}, {@code model-card.md} and {@code report.html} of one execution; a
 * repeat writes the same.
 */
final class RecordStep implements RecordActivities {
  private final ObjectStore store;

  RecordStep(ObjectStore store) {
    this.store = store;
  }

  @Override
  public RunRecord record(RunStory story) {
    String folder = folder(story);
    try {
      Reference record =
          put(
              folder + "record.json",
              Wire.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(story));
      String card = new ReportPage(store).modelCard(story);
      put(folder + "model-card.md", card.getBytes(StandardCharsets.UTF_8));
      Reference report = report(story);
      return new RunRecord(
          story.run(),
          story.execution(),
          story.outcome(),
          story.why(),
          story.verdict(),
          story.leases(),
          story.endpoint(),
          story.modelId(),
          record,
          report);
    } catch (IOException away) {
      throw new UncheckedIOException(away);
    }
  }

  /** Writes the page alone, of what the store holds now. */
  Reference report(RunStory story) throws IOException {
    String page = new ReportPage(store).render(story);
    return put(folder(story) + "report.html", page.getBytes(StandardCharsets.UTF_8));
  }

  private static String folder(RunStory story) {
    return "runs/%s/executions/%s/".formatted(story.run(), story.execution());
  }

  private Reference put(String key, byte[] body) throws IOException {
    store.put(key, body);
    return new Reference(store.uri(key), Stores.sha256(body));
  }
}
