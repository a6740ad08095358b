package io.fettle.workflows.spec;

/**
 * The name of a secret, never its value: it is resolved on the host that needs it, from the
 * environment variable of that name.
 */
public record Secret(
    @Setting(
            value = "Name of the environment variable that holds the secret on the host",
            pattern = "[A-Z][A-Z0-9_]{0,63}",
            hint = "a name in capitals, as in {secret: HF_TOKEN}")
        String secret) {}
