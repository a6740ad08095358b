package io.fettle.workflows.plan;

import io.fettle.workflows.wire.Reference;

/**
 * What the schedule depends on.
 *
 * @param run the run's id
 * @param execution the workflow run id under which {@code training.json} is kept
 * @param spec the resolved spec
 * @param baseModel tree manifest of the base model; enters the train step's input hash
 * @param dataset tree manifest of the dataset; enters the train step's input hash
 * @param trainRows rows of the train part
 * @param devRows rows of the dev part
 * @param salt mixed into the input hash; empty unless the run is {@code --fresh}
 */
public record ScheduleRequest(
    String run,
    String execution,
    Reference spec,
    Reference baseModel,
    Reference dataset,
    int trainRows,
    int devRows,
    String salt) {}
