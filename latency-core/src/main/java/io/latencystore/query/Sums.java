package io.latencystore.query;

/**
 * What measurements of one series and outcome amount to, each of whose latencies is below 2^31.
 *
 * @param seriesId see {@link io.latencystore.Series#id()}
 * @param success the outcome of all of them
 * @param count how many they are, at least one
 * @param firstMicros the earliest timestamp
 * @param lastMicros the latest timestamp
 * @param sumMicros the sum of the latencies
 * @param minMicros the smallest latency
 * @param maxMicros the largest latency
 * @param squaresUpper the sum of the upper halves of their squares, each square divided by 2^32
 * @param squaresLower the sum of the lower halves, each the rest of that division
 */
public record Sums(
    long seriesId,
    boolean success,
    long count,
    long firstMicros,
    long lastMicros,
    long sumMicros,
    long minMicros,
    long maxMicros,
    long squaresUpper,
    long squaresLower) {}
