package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** Other trackers that are told of the run. */
public record TrackSpec(
    @Setting("An MLflow server") @Nullable Mlflow mlflow,
    @Setting("Weights & Biases") @Nullable Wandb wandb) {

  /** An MLflow server. */
  public record Mlflow(
      @Setting(
              value = "Address of the server",
              pattern = "https?://\\S+",
              hint = "as in http://mlflow.internal:5000")
          String uri,
      @Setting(
              value = "Experiment that gets the run; auto is the spec's name",
              auto = true,
              min = 1,
              max = 256)
          @Nullable String experiment,
      @Setting("Token of the server, by name") @Nullable Secret token) {}

  /** Weights &amp; Biases. */
  public record Wandb(
      @Setting(value = "Project that gets the run", min = 1, max = 128) String project,
      @Setting(value = "Team or user that owns the project", min = 1, max = 128)
          @Nullable String entity,
      @Setting("Key of the account, by name") @JsonProperty("api_key") @Nullable Secret apiKey) {}
}
