package io.fettle.workflows.data;

import io.fettle.workflows.wire.Reference;

/**
 * What to prepare.
 *
 * @param run the run's id
 * @param spec the resolved spec; its data section names the files, whose contents enter the input
 *     hash
 * @param baseModel tree manifest of the base model, whose tokenizer counts and whose template
 *     renders
 * @param salt mixed into the input hash; empty unless the run is {@code --fresh}
 */
public record PrepareJob(String run, Reference spec, Reference baseModel, String salt) {}
