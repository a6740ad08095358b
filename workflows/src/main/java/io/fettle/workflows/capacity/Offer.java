package io.fettle.workflows.capacity;

/** A pool and shape that was chosen, its price in dollars an hour, and why. */
public record Offer(String pool, String shape, double dollarsPerHour, String reason) {}
