package io.fettle.workflows.training;

/**
 * Asks for the run's next lease.
 *
 * @param input the train step's input hash
 * @param host the host that will train
 * @param takeOver whether another namespace's live lease may be ended (audited)
 */
public record OpenLease(String run, String input, String host, boolean takeOver) {}
