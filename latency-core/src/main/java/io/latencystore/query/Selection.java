package io.latencystore.query;

import io.latencystore.LatencyQuery;
import io.latencystore.block.BlockHeader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which measurements are looked at: a query with its names resolved.
 *
 * @param range their timestamps
 * @param seriesIds their series; null for any
 * @param success their outcome; null for either
 * @param minMicros their least latency
 * @param maxMicros their greatest latency
 * @param metadata whether decoding shall give their metadata too
 */
public record Selection(
    TimeRange range,
    @Nullable Set<Long> seriesIds,
    @Nullable Boolean success,
    long minMicros,
    long maxMicros,
    boolean metadata) {

  static Selection of(LatencyQuery query, Set<Long> seriesIds) {
    boolean anySeries = query.components().isEmpty() && query.commands().isEmpty();
    return new Selection(
        TimeRange.of(query),
        anySeries ? null : seriesIds,
        query.success().orElse(null),
        query.latencyAtLeastMicros(),
        query.latencyBelowMicros().isPresent()
            ? query.latencyBelowMicros().getAsLong() - 1
            : Long.MAX_VALUE,
        false);
  }

  /** The part of it whose latencies are at least so many microseconds. */
  public Selection latencyAtLeast(long micros) {
    return new Selection(
        range, seriesIds, success, Math.max(minMicros, micros), maxMicros, metadata);
  }

  /** The part of it that lies in a narrower range of time. */
  public Selection within(TimeRange narrower) {
    return new Selection(narrower, seriesIds, success, minMicros, maxMicros, metadata);
  }

  Selection withMetadata() {
    return new Selection(range, seriesIds, success, minMicros, maxMicros, true);
  }

  Selection ofSeries(Set<Long> ids) {
    return new Selection(range, ids, success, minMicros, maxMicros, metadata);
  }

  /** Whether a block may hold a measurement that is looked at. */
  public boolean mayMatch(BlockHeader header) {
    return header.lastMicros() >= range.first()
        && header.firstMicros() <= range.last()
        && header.maxMicros() >= minMicros
        && header.minMicros() <= maxMicros
        && (success == null || success == header.success())
        && (seriesIds == null || seriesIds.contains(header.seriesId()));
  }

  /** Whether every measurement of a block of one of the series is looked at. */
  boolean coversAll(BlockHeader header) {
    return range.covers(header.firstMicros(), header.lastMicros()) && coversLatencies(header);
  }

  boolean coversLatencies(BlockHeader header) {
    return minMicros <= header.minMicros() && header.maxMicros() <= maxMicros;
  }

  boolean isEmpty() {
    return range.isEmpty() || (seriesIds != null && seriesIds.isEmpty());
  }
}
