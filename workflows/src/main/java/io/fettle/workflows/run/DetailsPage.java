package io.fettle.workflows.run;

import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.PhaseTime;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** A run's status as the Markdown that the Temporal UI shows; it takes 20 KB at most. */
final class DetailsPage {
  private static final int NEWEST = 40;

  private DetailsPage() {}

  static String of(RunStatus status) {
    StringBuilder page = new StringBuilder("### ").append(status.title()).append("\n\n");
    if (!status.waitingFor().isEmpty()) {
      page.append("**Waiting for ").append(status.waitingFor()).append("**\n\n");
    }
    page.append("| phase | state | seconds | result |\n| --- | --- | ---: | --- |\n");
    rows(page, status.phases(), DetailsPage::row);
    if (!status.leases().isEmpty()) {
      page.append(
          "\n| lease | host | from step | to step | ended | why |\n| ---: | --- | ---: | ---: | --- | --- |\n");
      rows(page, status.leases(), DetailsPage::row);
    }
    if (!status.audit().isEmpty()) {
      page.append("\n| when | who | what | before | after | why |\n")
          .append("| --- | --- | --- | --- | --- | --- |\n");
      rows(page, status.audit(), DetailsPage::row);
    }
    return page.toString();
  }

  private static <T> void rows(StringBuilder page, List<T> all, Function<T, List<Object>> cells) {
    int left = Math.max(0, all.size() - NEWEST);
    if (left > 0) {
      page.append("| ... ").append(left).append(" before these |\n");
    }
    for (T each : all.subList(left, all.size())) {
      cells.apply(each).forEach(cell -> page.append("| ").append(cell).append(' '));
      page.append("|\n");
    }
  }

  private static List<Object> row(PhaseTime phase) {
    String seconds =
        phase.state().equals("running") ? "" : String.format(Locale.ROOT, "%.1f", phase.seconds());
    return List.of(phase.name(), phase.state(), seconds, phase.note());
  }

  private static List<Object> row(LeaseStory lease) {
    return List.of(
        lease.number(),
        lease.host(),
        lease.fromStep(),
        lease.toStep(),
        lease.ended(),
        lease.reason());
  }

  private static List<Object> row(AuditEntry entry) {
    return List.of(
        Instant.ofEpochMilli(entry.atMillis()),
        entry.by(),
        entry.action(),
        entry.before(),
        entry.after(),
        entry.reason());
  }
}
