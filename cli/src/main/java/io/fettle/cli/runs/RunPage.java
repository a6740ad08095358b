package io.fettle.cli.runs;

import io.fettle.cli.local.LocalStatus;
import java.net.URI;
import java.util.Optional;

/** A run's page in the web UI of the server. */
public final class RunPage {
  private RunPage() {}

  /** Empty where the server is not ours: its UI's address is not known. */
  public static Optional<URI> of(LocalStatus status, Runs.Found run) {
    return Optional.ofNullable(status.ui())
        .map(
            ui ->
                URI.create(
                    "%s/namespaces/%s/workflows/%s/%s/history"
                        .formatted(ui, status.namespace(), run.id(), run.execution())));
  }
}
