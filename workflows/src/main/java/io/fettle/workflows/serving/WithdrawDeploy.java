package io.fettle.workflows.serving;

/**
 * Takes a request for a deploy back, with every attempt of it.
 *
 * @param request what the ids of the attempts' updates begin with: all before the last hyphen
 */
public record WithdrawDeploy(String endpoint, String request) {}
