package io.latencystore;

import io.latencystore.policy.OverflowPolicy;
import io.latencystore.policy.SyncPolicy;

/**
 * How a store's spool is kept.
 *
 * @param limitBytes how large it may become, in bytes
 * @param maxSeries how many distinct series it takes
 * @param sync when it is made to survive a power cut
 * @param overflow what happens to a measurement that finds no room
 */
public record SpoolOptions(
    long limitBytes, int maxSeries, SyncPolicy sync, OverflowPolicy overflow) {}
