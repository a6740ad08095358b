package io.fettle.workflows.plan;

import io.fettle.workflows.wire.Reference;

/**
 * What to plan.
 *
 * @param run the run's id
 * @param execution the workflow run id under which {@code plan.json} is kept
 * @param spec the canonical spec
 * @param baseModel tree manifest of the fetched base model
 */
public record PlanRequest(String run, String execution, Reference spec, Reference baseModel) {}
