package io.fettle.workflows.run;

import io.fettle.workflows.wire.Reference;

/**
 * A run's input. The client puts spec and criteria into the store first.
 *
 * @param name the spec's name
 * @param spec the canonical spec
 * @param criteria the frozen criteria
 * @param fresh whether finished steps are done again: the execution's id then enters every input
 *     hash
 */
public record RunRequest(String name, Reference spec, Reference criteria, boolean fresh) {}
