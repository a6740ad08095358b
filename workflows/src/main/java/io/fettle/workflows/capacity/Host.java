package io.fettle.workflows.capacity;

/**
 * A claimed host.
 *
 * @param id kept in the agent's state, the same after a restart
 * @param boot the kernel's boot id, shortened; new after a reboot
 * @param queue where its steps run
 * @param controlQueue where it answers probe and stop while a step holds it
 * @param token of the acquisition that claimed it
 */
public record Host(
    String id,
    String boot,
    String pool,
    String shape,
    String queue,
    String controlQueue,
    String token) {}
