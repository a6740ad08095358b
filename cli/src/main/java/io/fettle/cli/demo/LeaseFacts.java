package io.fettle.cli.demo;

import io.fettle.workflows.lineage.LeaseStory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run's leases add up to.
 *
 * @param resumedFromStep the step that the last lease went on from; null where one lease was enough
 * @param lostSteps optimizer steps of interrupted leases beyond the checkpoint that the next one
 *     went on from
 * @param interruption how the first lease ended that did not finish; null if none
 */
record LeaseFacts(@Nullable Integer resumedFromStep, int lostSteps, @Nullable String interruption) {
  static LeaseFacts of(List<LeaseStory> leases) {
    int lost = 0;
    for (int i = 1; i < leases.size(); i++) {
      lost += Math.max(0, leases.get(i - 1).toStep() - leases.get(i).fromStep());
    }
    var interruption =
        leases.stream()
            .map(LeaseStory::ended)
            .filter(ended -> !ended.equals("Finished") && !ended.equals("running"))
            .findFirst()
            .orElse(null);
    return new LeaseFacts(
        leases.size() < 2 ? null : leases.getLast().fromStep(), lost, interruption);
  }
}
