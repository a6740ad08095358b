package io.fettle.workflows.serving;

import io.temporal.activity.ActivityInterface;

/** Speaks to the endpoint's entity workflow. Queue {@code control}. */
@ActivityInterface
public interface DeployActivities {
  /**
   * Starts {@code deploy-{endpoint}} if it does not run, and sends it the request as an update. The
   * update's id is the model's id, so a repeat joins the one under way.
   *
   * @return what serves now. Source: the entity workflow
   * @throws io.temporal.failure.ApplicationFailure of the entity's failure type; the old engine
   *     goes on serving
   */
  Deployment requestDeploy(DeployRequest request);
}
