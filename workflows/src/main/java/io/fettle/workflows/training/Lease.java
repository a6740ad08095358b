package io.fettle.workflows.training;

import io.fettle.workflows.wire.Reference;
import java.util.Optional;

/**
 * One run's tenure of one host.
 *
 * @param number the fencing number, given by the ledger
 * @param input the train step's input hash
 * @param host who holds it
 * @param resumeFrom the published manifest that it goes on from; empty: from step 0
 * @param resumeStep that manifest's optimizer step, else 0
 * @param resumeLease the lease that published it, else 0
 * @param previous the lease before, else 0
 */
public record Lease(
    int number,
    String input,
    String host,
    Optional<Reference> resumeFrom,
    int resumeStep,
    int resumeLease,
    int previous) {}
