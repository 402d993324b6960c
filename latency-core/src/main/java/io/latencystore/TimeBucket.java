package io.latencystore;

import java.time.Instant;

/**
 * One bucket of a time series, {@code [start, end)}.
 *
 * @param start the bucket's begin, by the bucket's own alignment, which may lie before the window's
 * @param end the next bucket's begin
 * @param summary what the measurements in the bucket and the window amount to
 */
public record TimeBucket(Instant start, Instant end, LatencySummary summary) {}
