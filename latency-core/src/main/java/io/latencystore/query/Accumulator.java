package io.latencystore.query;

import io.latencystore.LatencyQuery;
import java.util.List;

/** What is known so far of one cell. For one thread. */
final class Accumulator {

  private static final int OWN_BYTES = 256;

  private final Moments moments = new Moments();
  private final Distribution distribution = new Distribution();

  Moments moments() {
    return moments;
  }

  Distribution distribution() {
    return distribution;
  }

  long bytes() {
    return OWN_BYTES + distribution.bytes();
  }

  ExactSummary summary(LatencyQuery query, TimeRange range, List<Long> percentileValues) {
    return new ExactSummary(
        moments.count(),
        moments.errors(),
        moments.sum(),
        moments.squares(),
        moments.min(),
        moments.max(),
        query.percentiles(),
        percentileValues,
        range.ratePerSecond(moments.count()));
  }
}
