package io.fettle.workflows.run;

import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.PhaseTime;
import io.fettle.workflows.wire.Copies;
import java.util.List;
import java.util.Objects;

/**
 * A run as it stands.
 *
 * @param phase the one under way: {@code plan, prepare, baselines, curve, train, merge, quantize,
 *     evaluate, approve, deploy, record} or {@code done}
 * @param waitingFor what it waits for: a host, an approval, an operator; empty where it works
 * @param phases those begun, in order
 * @param leases in order
 * @param host the host that it holds, else empty
 * @param maxSteps optimizer steps of the schedule, 0 before prepare has ended
 * @param crashes retries spent
 * @param crashesAllowed retries in all
 * @param preemptions hosts lost to the cloud, which spend no retry
 * @param audit operators' orders, in order
 * @param dataset the dataset hash, empty before prepare has ended
 */
public record RunStatus(
    String run,
    String title,
    String phase,
    String waitingFor,
    List<PhaseTime> phases,
    List<LeaseStory> leases,
    String host,
    int maxSteps,
    int crashes,
    int crashesAllowed,
    int preemptions,
    List<AuditEntry> audit,
    String dataset) {
  public RunStatus {
    phases = Copies.list(phases);
    leases = Copies.list(leases);
    audit = Copies.list(audit);
    dataset = Objects.requireNonNullElse(dataset, ""); // runs of older releases have none
  }
}
