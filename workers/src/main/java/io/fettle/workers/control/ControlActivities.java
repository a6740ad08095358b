package io.fettle.workers.control;

import java.util.List;

/**
 * What the control worker can do, by queue.
 *
 * @param control short: they touch the store or the server only
 * @param cpu they compute
 */
record ControlActivities(List<Object> control, List<Object> cpu) {}
