package io.latencystore.layout;

/**
 * Some measurements that lie together.
 *
 * @param firstMicros the earliest timestamp
 * @param lastMicros the latest timestamp
 * @param measurements how many there are
 * @param bytes about how many bytes they take
 */
public record Stretch(long firstMicros, long lastMicros, long measurements, long bytes) {}
