package io.fettle.workers.control;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The control worker's own settings.
 *
 * @param pollers of each kind and queue; two of them halve the wait for the next task, more only
 *     cost the server
 * @param cpuSlots steps of the cpu queue that run at once
 * @param localHosts agents of this machine that may live at once
 * @param workflowCache runs that stay in memory between their tasks
 * @param replay refuse to start where an open run does not replay on this build
 * @param sweep between two looks at what runs that are over left behind in the pools; a minute at
 *     most keeps the promise of two
 * @param drain how long running activities may finish when the worker is stopped
 */
@ConfigurationProperties(prefix = "control", ignoreUnknownFields = false)
record ControlSettings(
    @DefaultValue("4") int pollers,
    @DefaultValue("2") int cpuSlots,
    @DefaultValue("2") int localHosts,
    @DefaultValue("200") int workflowCache,
    @DefaultValue("true") boolean replay,
    @DefaultValue("20s") Duration sweep,
    @DefaultValue("8s") Duration drain) {}
