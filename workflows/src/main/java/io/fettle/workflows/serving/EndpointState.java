package io.fettle.workflows.serving;

import java.util.Optional;

/** An endpoint, what serves there, and the host's queue on which its engine is managed. */
public record EndpointState(String endpoint, Optional<Alias> alias, Optional<Engine> engine) {}
