package io.fettle.workflows.run;

import io.fettle.workflows.wire.Reference;

/**
 * What every lease of a train trains on; a remedy is no part of it.
 *
 * @param ledger the run whose ledger has the leases: the workflow's own id, or a probe's
 */
record TrainInputs(
    String ledger, String input, Reference training, Reference baseModel, Reference dataset) {}
