package io.latencystore.policy;

import java.time.Duration;

/**
 * What waits to be written.
 *
 * @param measurements about how many measurements wait, at least one
 * @param age how long the oldest of them has waited, give or take a second
 */
public record PendingBatch(long measurements, Duration age) {}
