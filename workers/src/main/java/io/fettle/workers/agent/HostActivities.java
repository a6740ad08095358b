package io.fettle.workers.agent;

import java.util.List;

/**
 * What this host can do, by queue.
 *
 * @param host one at a time: stage, train, merge, quantize, answer
 * @param control short answers while a step holds the host: probe and stop
 */
record HostActivities(List<Object> host, List<Object> control) {}
