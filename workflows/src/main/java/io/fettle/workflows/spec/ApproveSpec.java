package io.fettle.workflows.spec;

import java.time.Duration;

/** Whether a person has to agree before the model serves. Silence is a no. */
public record ApproveSpec(
    @Setting(value = "True: the model serves only after `fettle approve`", fallback = "false")
        boolean required,
    @Setting(
            value = "How long the question stays open",
            fallback = "24h",
            min = 1,
            max = 2_592_000,
            hint = "as in 24h")
        Duration deadline) {}
