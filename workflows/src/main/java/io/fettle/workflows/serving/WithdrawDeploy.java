package io.fettle.workflows.serving;

/**
 * Takes a request for a deploy back.
 *
 * @param update the id of the update that asked
 */
public record WithdrawDeploy(String endpoint, String update) {}
