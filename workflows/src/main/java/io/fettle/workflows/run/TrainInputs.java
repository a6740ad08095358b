package io.fettle.workflows.run;

import io.fettle.workflows.wire.Reference;

/** What every lease of a run trains on; a remedy is no part of it. */
record TrainInputs(String input, Reference training, Reference baseModel, Reference dataset) {}
