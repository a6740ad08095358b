package io.fettle.workflows.run;

import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.wire.Copies;
import java.util.List;

/** What an amendment changed, each with the value before. */
public record Amended(List<AuditEntry> entries) {
  public Amended {
    entries = Copies.list(entries);
  }
}
